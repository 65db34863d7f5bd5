"""A lake of any size in the shapes and rates of a real one: the rows of a small lake, many times, under other ids.

Covers copying rows so that keys, references and evidence hold and names, words and days differ. For measuring, see
`warehouse`.

What differs between two copies of an article: its ids, address and days; the outlet (15 for each one of the seed's);
the names of whom it tells (the same people come in about eight copies), and with them the spelling of every printed
word (some letters change places, so that no file is small because it holds the same words many times; offsets stay);
the words of its quotes, by which they are compared (in one of four copies they are those of the copy before, cut at
the start). The near copies of a copy are those of the seed. Raw bytes are the seed's: nothing here reads them.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from itertools import permutations, product
from pathlib import Path

import duckdb

from pipelines.contracts import Column, Table, table, tables
from pipelines.storage.lake import Batch, Lake

_KEPT = ("batch_id", "extraction_id", "resolution_id", "run_id")
_DAYS = ("published_on", "published_at", "updated_at", "stated_date", "fetched_at", "seen_at", "first_seen_at")
_OUTLETS = 15
_COPIES_OF_A_PERSON = 8
_ORDERS = 1000
"""More than a batch of the seed has records."""
_LETTERS = "aeioubdp"
_SPELLINGS = [f"{''.join(v)}{''.join(c)}" for v, c in product(permutations(_LETTERS[:5]), permutations(_LETTERS[5:]))]
_PRINTED = (
    "text", "headline", "surface", "verbatim", "text_norm", "speaker_role_surface", "cue_text", "content_text",
    "content_norm", "span_text",
)  # fmt: skip
_WORD = "translate(({})::varchar, '0123456789', 'abcdefghij')"
_SPELT = f"translate({{}}, '{_LETTERS}{_LETTERS.upper()}', letters)"
_NEW = {
    "text_sha256": f"sha256({_SPELT.format('text')})",
    "raw_id": "sha256(raw_id || '/' || n)",
    "outlet_id": f"md5(outlet_id || '/' || n % {_OUTLETS})",
    "outlet_name": f"outlet_name || ' ' || n % {_OUTLETS}",
    "outlet_domain": f"n % {_OUTLETS} || '.' || outlet_domain",
    "external_key": "external_key || '?copy=' || n",
    "url": "url || '?copy=' || n",
    "source_uri": "'copy-' || n || '/' || source_uri",
    "batch_order": f"(n - first_n) * {_ORDERS} * 10 + (ingest_date - first_day) * {_ORDERS} + batch_order",
    "canonical_quote_id": "md5(words)",
    "text_norm": "words",
    "lineage_key": "md5(lineage_key || '/' || n)",
}
_PEOPLE = f"CASE WHEN basis = 'reference' THEN {{0}} ELSE {{0}} || {_WORD.format(f'n // {_COPIES_OF_A_PERSON}')} END"


class Copies:
    """The rows of a seed lake, to be copied into another."""

    def __init__(self, seed: Path) -> None:
        """Read the seed: the lake folder of any data folder in which something was run."""
        self._con = duckdb.connect(config={"threads": 1})
        self._con.execute("SET TimeZone = 'UTC'")
        for contract in tables("lake"):
            parts = f"{seed}/{contract.name}/*/*.parquet"
            files = (
                parts if any((seed / contract.name).glob("*/*.parquet")) else f"{seed}/{contract.name}/empty.parquet"
            )
            self._con.execute(
                f"CREATE TABLE {contract.name} AS SELECT * FROM read_parquet('{files}', union_by_name = true)"
            )
        spellings = [(number, letters + letters.upper()) for number, letters in enumerate(_SPELLINGS)]
        self._con.execute("CREATE TABLE spellings (spelling INTEGER, letters VARCHAR)")
        self._con.executemany("INSERT INTO spellings VALUES (?, ?)", spellings)
        count, first_day = self._con.execute(
            "SELECT count(DISTINCT article_id), min(ingest_date) FROM article_versions"
        ).fetchone() or (0, None)
        if not count:
            raise ValueError(f"{seed} holds no articles")
        self.n_articles: int = count
        self._first_day: date = first_day

    def write_day(self, lake: Lake, day: date, first: int, n: int) -> None:
        """Write the parts of a day: the copies `first` to `first + n - 1` of the seed."""
        batch = Batch(day, f"{day.isoformat()}-000001")
        for contract in tables("lake"):
            path = lake.part(contract.name, batch)
            path.parent.mkdir(parents=True, exist_ok=True)
            columns = ", ".join(f"{self._new(c, contract)} AS {c.name}" for c in contract.columns)
            words = f", array_to_string(list_transform(string_split({_SPELT.format('text_norm')}, ' '), lambda w: w || "
            words += f"{_WORD.format('n - (n % 4 = 1)::int')})[CASE WHEN n % 4 = 1 THEN 2 ELSE 1 END:], ' ') AS words"
            self._con.execute(
                f"COPY (SELECT {columns} FROM (SELECT *, range AS n, {first} AS first_n, "
                f"DATE '{self._first_day}' AS first_day, DATE '{day}' AS to_day, '{batch.batch_id}' AS to_batch"
                f"{words if contract.name == 'quotes' else ''} "
                f"FROM {contract.name} CROSS JOIN range({first}, {first + n}) JOIN spellings "
                f"ON spelling = range // {_COPIES_OF_A_PERSON} % {len(_SPELLINGS)}) ORDER BY n) TO '{path}' "
                "(FORMAT parquet, KV_METADATA {'onrecord.contract_version': '1', 'onrecord.made_by': 'bench'})"
            )

    def _new(self, column: Column, contract: Table) -> str:
        """Return the SQL of a column of a copy."""
        name = column.name
        if name == "ingest_date":
            return "to_day"
        if name == "batch_id":
            return "to_batch"
        if name in ("name", "name_norm") and contract is table("lake", "entities"):
            return _PEOPLE.format(name)
        if name in _DAYS:
            return f"{name} + INTERVAL (to_day - ingest_date) DAY" if column.kind == "instant" else (
                f"{name} + (to_day - ingest_date)::int"
            )  # fmt: skip
        if name in _NEW:
            return _NEW[name]
        if name in _PRINTED:
            return _SPELT.format(name)
        if name.endswith("_id") and name not in _KEPT:
            return f"md5({name} || '/' || n)"
        return name


def write_lake(root: Path, seed: Path, *, n_articles: int, per_day: int, last_day: date) -> tuple[Lake, list[date]]:
    """Write a lake of about `n_articles` articles, `per_day` a day, the last of them on `last_day`.

    Returns:
        The lake, and its days in order.
    """
    shutil.rmtree(root, ignore_errors=True)
    lake = Lake(root)
    lake.create()
    copies = Copies(seed)
    n = max(1, round(per_day / copies.n_articles))
    n_days = max(1, round(n_articles / (n * copies.n_articles)))
    days = [last_day - timedelta(days=i) for i in reversed(range(n_days))]
    for i, day in enumerate(days):
        copies.write_day(lake, day, i * n, n)
    return lake, days
