"""``python -m pipelines.bench.copies --corpora DIR``: near copies, how many are found, how surely and how fast.

Covers pairs made from real articles by edits, cuts and added boilerplate, and the figures. For what a copy is, see
core/copies.

Every article is altered once, by a seed; the true similarity of a pair is the exact Jaccard of its shingles. Recall
is over the made pairs and over all other pairs of the corpus that reach the threshold, which are found by comparing
everything with everything.

``--known N`` measures instead what it costs to compare a batch of 1,000 versions with N that were met before, in a
lake of made-up signatures: seconds, and memory beyond that of a lake of none.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.compute.near_copies import compare
from pipelines.contracts import table
from pipelines.core.copies.near_copies import (
    MIN_JACCARD,
    MIN_SHINGLES,
    N_BANDS,
    candidates,
    signatures,
    story_groups,
    verified,
)
from pipelines.core.copies.shingles import Shingle, jaccard, shingles, words
from pipelines.storage.lake import Batch, Lake

_SEED = 7
_BATCH, _NEW = 5_000, 1_000
_DAY = date(2026, 1, 1)
_STORY = re.compile(r"<BODY>(.*?)</BODY>", re.S)
_BOILERPLATE = (
    "Sign up for our morning letter and get the news of the day at six o'clock.",
    "This story was supplied by an agency and was not edited by our staff. Report an error to the desk.",
    "Read more: what we know so far, in five charts. Follow the story on our channels for the latest.",
)


def bodies(corpora: Path) -> list[str]:
    """Return the texts of PolNeAR, Reuters and Wikinews that lie below a folder."""
    found = [p.read_text(encoding="utf-8") for p in sorted((corpora / "polnear").glob("*/text/*.txt"))]
    for path in sorted((corpora / "reuters").glob("*.sgm")):
        found += [unescape(b) for b in _STORY.findall(path.read_text(encoding="latin-1"))]
    for path in sorted((corpora / "wikinews").glob("articles.jsonl")):
        found += [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return found


def altered(text: str, chance: random.Random) -> str:
    """Return a copy as another outlet would print it: words changed, sentences moved or cut, boilerplate added."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    rate = chance.choice((0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1))
    sentences = [" ".join(_word(w, rate, chance) for w in s.split()) for s in sentences]
    kept = max(1, round(len(sentences) * chance.choice((1.0, 1.0, 0.95, 0.9, 0.8, 0.7, 0.5))))
    first = chance.choice((0, 0, len(sentences) - kept))
    sentences = sentences[first : first + kept]
    for _ in range(chance.choice((0, 0, 1, 2))):
        sentences.insert(chance.randrange(len(sentences) + 1), chance.choice(_BOILERPLATE))
    if chance.random() < 0.3:
        sentences.insert(0, sentences.pop(chance.randrange(len(sentences))))
    return " ".join(sentences)


def _word(word: str, rate: float, chance: random.Random) -> str:
    draw = chance.random()
    if draw < rate / 2:
        return "reportedly " + word
    return chance.choice(("officials", "later", "about", "Tuesday")) if draw < rate else word


def rows_of(texts: list[str]) -> pl.DataFrame:
    """Return texts as rows of versions, each of an article of its own."""
    ids = [f"{n:07d}" for n in range(len(texts))]
    return pl.DataFrame({"version_id": ids, "article_id": ids, "text": texts}).with_columns(
        sections=pl.lit(None, dtype=pl.List(pl.Struct({"section": pl.String, "char_start": pl.Int64,
                                                       "char_end": pl.Int64})))
    )  # fmt: skip


def true_pairs(texts: list[str]) -> dict[tuple[int, int], float]:
    """Return all pairs of bodies that reach the threshold, by counting the shingles that any two have in common."""
    sets = [shingles(words(t)) for t in texts]
    holders: dict[Shingle, list[int]] = defaultdict(list)
    for n, own in enumerate(sets):
        if len(own) >= MIN_SHINGLES:
            for shingle in own:
                holders[shingle].append(n)
    common: Counter[tuple[int, int]] = Counter()
    for where in holders.values():
        for k, a in enumerate(where):
            for b in where[k + 1 :]:
                common[a, b] += 1
    shares = {(a, b): n / (len(sets[a]) + len(sets[b]) - n) for (a, b), n in common.items()}
    return {pair: share for pair, share in shares.items() if share >= MIN_JACCARD}


@dataclass(frozen=True)
class Figures:
    """What was measured.

    Pairs are of bodies at the threshold or above; seconds are the processor's, over all threads; memory is in MB, the
    texts in it.
    """

    n_articles: int
    n_compared: int
    n_pairs: int
    n_made: int
    recall: float
    precision: float
    n_candidates: int
    n_groups: int
    largest_group: int
    articles_a_second: float
    signed_a_second: float
    peak_memory: float


def measure(texts: list[str]) -> Figures:
    """Alter every text, compare all of them, and count what was found."""
    chance = random.Random(_SEED)
    both = texts + [altered(t, chance) for t in texts]
    started = time.process_time()
    signed = signatures(rows_of(both)).with_columns(batch_id=pl.lit("0"))
    seconds_signed = time.process_time() - started
    bands = signed.explode("bands")
    pairs = candidates(bands, bands)
    copies = verified(pairs, lambda v: words(both[int(v)]))
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    true = true_pairs(both)
    ends = copies.select("earlier_version_id", "version_id").iter_rows()
    found = {(min(int(a), int(b)), max(int(a), int(b))) for a, b in ends}
    sets = {k: shingles(words(both[k])) for pair in found for k in pair}
    sizes = story_groups(copies).group_by("near_dup_group").len()["len"]
    return Figures(
        n_articles=len(both),
        n_compared=signed.height,
        n_pairs=len(true),
        n_made=sum(b - a == len(texts) for a, b in true),
        recall=len(found & true.keys()) / len(true),
        precision=sum(jaccard(sets[a], sets[b]) >= MIN_JACCARD for a, b in found) / len(found),
        n_candidates=pairs.height,
        n_groups=sizes.len(),
        largest_group=int(str(sizes.max())),
        articles_a_second=len(both) / seconds,
        signed_a_second=len(both) / seconds_signed,
        peak_memory=peak,
    )


def cost(n_known: int) -> tuple[float, float]:
    """Return seconds and MB of memory of this process, at its peak, after comparing a batch with so many versions."""
    draw = np.random.default_rng(_SEED)
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        lake.create()
        numbers = [*range(1, n_known // _BATCH + 1), n_known // _BATCH + 1]
        for number in numbers:
            batch = Batch(_DAY + timedelta(days=number), f"{_DAY + timedelta(days=number)}-{number:06d}")
            n = _BATCH if number != numbers[-1] else _NEW
            ids = pl.Series([f"{number:06d}{k:026d}" for k in range(n)])
            bands = pl.Series(draw.integers(-(2**63), 2**63, (n, N_BANDS), np.int64)).cast(pl.List(pl.Int64))
            rows = pl.DataFrame({"version_id": ids, "article_id": ids, "bands": bands}).with_columns(n_shingles=400)
            lake.write("text_signatures", batch, rows)
            lake.write("sightings", batch, table("lake", "sightings").empty())
        started = time.monotonic()
        for _ in compare(lake, [batch]):
            pass
        return time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench.copies", description=__doc__)
    parser.add_argument("--corpora", type=Path, help="folder with polnear/, reuters/, wikinews/")
    parser.add_argument("--known", type=int, help="compare a batch with so many made-up versions")
    options = parser.parse_args()
    if options.known is not None:
        print(f"{options.known:,} known versions: {{:.1f}} s, peak memory {{:,.0f}} MB".format(*cost(options.known)))
        return 0
    if options.corpora is None:
        parser.error("--corpora or --known")
    texts = bodies(options.corpora)
    if not texts:
        parser.error(f"{options.corpora}: no polnear/, reuters/ or wikinews/ in it")
    for name, value in asdict(measure(texts)).items():
        print(f"{name:<18} {value:>10,.4f}" if name in ("recall", "precision") else f"{name:<18} {value:>10,.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
