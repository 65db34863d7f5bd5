"""The column contracts as dbt files and as the data dictionary.

Covers how the contracts read as dbt model contracts and tests, as dbt sources and as Markdown. For what they say, see
`lake`, `state`, `core`, `marts` and `ops`; for writing the files, see `__main__`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from pipelines.contracts import Column, Layer, Table, tables

GENERATED = "made by `python -m pipelines.contracts` from pipelines/contracts/: change that file"

_FRESH = "sightings"
_FRESHNESS = (
    "        loaded_at_query: >-",
    "          select max(seen_at)",
    '          from read_parquet(\'{{ env_var("ONRECORD_LAKE", "../data/lake") }}/sightings/*/*.parquet\')',
    "        freshness: {warn_after: {count: 36, period: hour}, error_after: {count: 72, period: hour}}",
)
"""The source that says when anything came last, for `dbt source freshness`."""

WRITTEN_AT_PUBLICATION = (
    "pipeline_runs",
    "check_results",
    "extractors",
    "resolvers",
    "publication",
    "overrides",
    "changes",
    "reprocessing",
    "takedowns",
)
"""Tables of ops that publication adds to its copy of the warehouse; dbt knows nothing of them."""

NOT_READ_BY_DBT = (("lake", "pipeline_runs"), ("lake", "text_signatures"), ("state", "overrides"))
"""Lake and state tables that no model reads yet: a source without a reader would only clutter the lineage."""

FOLDERS: dict[Layer, str] = {"core": "core", "internal": "intermediate", "mart": "marts", "ops": "ops"}
"""Folder of each warehouse schema under sql/models."""

_LAYER_TEXTS: dict[Layer, tuple[str, str]] = {  # in the order of the two pages
    "mart": (
        "mart",
        "A table or view for each question that is often asked. Where something is counted, `is_counted` and "
        "`excluded_reason` say what is left out, and why.",
    ),
    "core": (
        "core",
        "What was said, by whom, and where it was printed: the rows behind the marts.",
    ),
    "ops": ("ops", "What ran, what came in, what was refused, which checks passed, and what this file is."),
    "internal": (
        "internal",
        "What core and mart are made of: facts of a day, state, the two joined, and sums of a day. It may change with "
        "any version; questions are asked of core and mart.",
    ),
    "lake": ("The lake", "Parquet parts, one per batch: Python writes them, dbt reads them. Not in what is published."),
    "state": ("State files", "Small Parquet files that are replaced whole. Not in what is published."),
}
_PUBLIC: tuple[Layer, ...] = ("mart", "core", "ops")
_INTERNAL: tuple[Layer, ...] = ("internal", "lake", "state")


ALL_RULES = "rules_hold"
"""The test that looks at all rules of a table in one query."""


def models(layer: Layer) -> tuple[Table, ...]:
    """Return the contracts of a warehouse schema that dbt builds, one model each."""
    return tuple(t for t in tables(layer) if not (t.layer == "ops" and t.name in WRITTEN_AT_PUBLICATION))


def sources(layer: Layer) -> tuple[Table, ...]:
    """Return the contracts of a lake layer that dbt reads, one source table each."""
    return tuple(t for t in tables(layer) if (t.layer, t.name) not in NOT_READ_BY_DBT)


def is_fact(contract: Table) -> bool:
    """Tell whether the table is replaced day by day."""
    return not contract.is_view and has_day(contract)


def has_day(contract: Table) -> bool:
    """Tell whether the table's rows belong to days."""
    return any(c.name == "ingest_date" for c in contract.columns)


# ---------------------------------------------------------------- dbt
def models_yaml(layer: Layer) -> str:
    """Return ``sql/models/<folder>/_<folder>__models.yml``: contracts and tests of one schema's models."""
    lines = [f"# {GENERATED}", "version: 2", "models:"]
    for contract in models(layer):
        lines += _model(contract)
    return _text(lines)


def sources_yaml() -> str:
    """Return ``sql/models/staging/_lake__sources.yml``: the lake and state tables that models read."""
    lines = [f"# {GENERATED}", "version: 2", "sources:"]
    layers: tuple[Layer, ...] = ("lake", "state")
    for layer in layers:
        lines += [f"  - name: {layer}", f"    description: {_quoted(_LAYER_TEXTS[layer][1])}", "    tables:"]
        for contract in sources(layer):
            lines += [
                f"      - name: {contract.name}",
                f"        description: {_quoted(_sentence(contract.grain))}",
                f"        config: {{meta: {{dagster: {{asset_key: [{layer}, {contract.name}]}}}}}}",
            ]
            if contract.name == _FRESH:
                lines += _FRESHNESS
    return _text(lines)


def _model(contract: Table) -> Iterator[str]:
    yield f"  - name: {contract.name}"
    yield f"    description: {_quoted(_sentence(contract.grain))}"
    yield "    config: {contract: {enforced: true}}"
    yield "    columns:"
    for column in contract.columns:
        yield f"      - name: {column.name}"
        yield f"        data_type: {column.duckdb}"
        yield f"        description: {_quoted(column.text)}"
        if not column.nullable and not contract.is_view:  # DuckDB's views take no constraints
            yield "        constraints: [{type: not_null}]"
    yield "    data_tests:"
    yield from _tests(contract)


_Rules = dict[str, list[str]]
"""What has to hold of a table: for each rule the arguments of its test, as lines of YAML."""


def _tests(contract: Table) -> Iterator[str]:
    """Yield the tests of a model: all its rules in one query, but for those that are left to whole runs."""
    rules = _rules(contract)
    whole = _left_to_whole_runs(contract)
    if whole is None:
        yield f"      - {ALL_RULES}:"
        yield f"          name: {ALL_RULES}__{contract.name}"
        yield "          arguments:"
        for rule, arguments in rules.items():
            yield f"            {rule}:"
            yield from (f"              {line}" for line in arguments)
        return
    for rule, arguments in rules.items():
        yield f"      - {rule}:"
        yield f"          name: {rule}__{contract.name}"
        if rule != "references_hold":
            yield f"          config: {whole}"
        yield "          arguments:"
        yield from (f"            {line}" for line in arguments)


def _rules(contract: Table) -> _Rules:
    """Return the rules of a model; a view shows what its tables were tested for, so only its key is looked at."""
    rules = {"key_is_unique": _key_arguments(contract)}
    if not contract.is_view:
        rules |= {"references_hold": _references_arguments(contract), "values_allowed": _values_arguments(contract)}
    return {rule: arguments for rule, arguments in rules.items() if arguments}


def _key_arguments(contract: Table) -> list[str]:
    arguments = [f"columns: [{', '.join(contract.key)}]", *_by_day(contract)]
    if is_fact(contract) and not _same_day_references(contract) and "ingest_date" not in contract.key:
        arguments.append("is_across_days: true")  # nothing else ties these rows to one day
    return arguments


def _left_to_whole_runs(contract: Table) -> str | None:
    """Return the tag of tests that would read everything in every run: of views, and of marts that sum all days.

    What they are made of was tested, and their own logic is in the unit tests.
    """
    is_sum = contract.layer == "mart" and not has_day(contract)
    return "{tags: [whole_warehouse]}" if contract.is_view or is_sum else None


def _references_arguments(contract: Table) -> list[str]:
    referring = [c for c in contract.columns if c.references]
    if not referring:
        return []
    arguments = ["references:"]
    for column in referring:
        _, to, field = _target(column)
        entry = f"column: {column.name}, to: ref('{to}'), field: {field}"
        if column in _same_day_references(contract):
            entry += ", is_same_day: true"
        arguments.append(f"  - {{{entry}}}")
    return arguments + _by_day(contract)


def _values_arguments(contract: Table) -> list[str]:
    limited = [c for c in contract.columns if c.allowed]
    if not limited:
        return []
    sets = [f"  - {{column: {c.name}, values: [{', '.join(map(_quoted, c.allowed))}]}}" for c in limited]
    return ["allowed:", *sets, *_by_day(contract)]


def _by_day(contract: Table) -> list[str]:
    return ["is_by_day: true"] if is_fact(contract) else []


def _same_day_references(contract: Table) -> tuple[Column, ...]:
    """Return the columns of a fact that point at another fact: both belong to the same day."""
    facts = {f"{t.layer}.{t.name}" for t in (*tables("core"), *tables("internal")) if is_fact(t)}
    if not is_fact(contract):
        return ()
    return tuple(c for c in contract.columns if c.references and c.references.rpartition(".")[0] in facts)


def _target(column: Column) -> tuple[str, str, str]:
    schema, name, field = (column.references or "").split(".")
    return schema, name, field


# ---------------------------------------------------------------- the data dictionary
_OFFSETS = (
    "Offsets count the characters (Unicode code points) of `core.article_versions.text` from 0; the end is exclusive. "
    "Instants are UTC; days are DATE columns of their own. NULL means not known. A column marked *volatile* holds a "
    "clock or a run: it may differ between two runs over the same input, and no other column may. Batch, day, version, "
    "story and the like are explained in the [glossary](glossary.md)."
)


def dictionary() -> str:
    """Return ``docs/tables.md``: the tables that questions are asked of, with every column and accepted value."""
    head = (
        f"{_OFFSETS}\n\nThe published file says the same of itself (`COMMENT ON` every table and column; `onrecord "
        "export` writes it beside the tables). What these are made of is in [internals.md](internals.md)."
    )
    return _page("Tables", head, _PUBLIC)


def internals() -> str:
    """Return ``docs/internals.md``: what the tables are made of, in the file, the lake and the state files."""
    head = "What the tables of [tables.md](tables.md) are made of. Any version of OnRecord may change it."
    return _page("Internal tables", head, _INTERNAL)


def _page(title: str, head: str, layers: Iterable[Layer]) -> str:
    lines = [f"# {title}", "", f"<!-- {GENERATED} -->", "", head]
    for layer in layers:
        name, text = _LAYER_TEXTS[layer]
        lines += ["", f"## {name}", "", text, "", "| table | one row per |", "|---|---|"]
        lines += [f"| {_link(t)} | {t.grain.removeprefix('one row per ')} |" for t in tables(layer)]
    for contract in (c for layer in layers for c in tables(layer)):
        lines += ["", *_described(contract)]
    return _text(lines)


def _described(contract: Table) -> Iterator[str]:
    yield f"### {contract.layer}.{contract.name}"
    yield ""
    what = "View" if contract.is_view else "Table"
    yield f"{what}: {contract.grain}. Key: {', '.join(f'`{k}`' for k in contract.key)}."
    yield ""
    yield "| column | type | NULL | meaning |"
    yield "|---|---|---|---|"
    for column in contract.columns:
        yield f"| `{column.name}` | {column.duckdb} | {'yes' if column.nullable else ''} | {_meaning(column)} |"


def _meaning(column: Column) -> str:
    parts = [column.text]
    if column.allowed:
        parts.append(f"One of {', '.join(f'`{value}`' for value in column.allowed)}.")
    if column.references:
        parts.append(f"Refers to `{column.references}`.")
    if column.volatile:
        parts.append("*Volatile.*")
    return " ".join(parts).replace("|", "\\|")


def _link(contract: Table) -> str:
    return f"[{contract.name}](#{_anchor(f'{contract.layer}.{contract.name}')})"


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-").replace(".", "")


# ---------------------------------------------------------------- both
def files() -> dict[str, str]:
    """Return every generated file: path from the root of the checkout to its text."""
    makers: dict[str, Callable[[], str]] = {
        "sql/models/staging/_lake__sources.yml": sources_yaml,
        "docs/tables.md": dictionary,
        "docs/internals.md": internals,
    }
    made = {path: make() for path, make in makers.items()}
    for layer, folder in FOLDERS.items():
        made[f"sql/models/{folder}/_{folder}__models.yml"] = models_yaml(layer)
    return made


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
