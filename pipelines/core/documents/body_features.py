"""What tells a block of the article from one of the page round it, as numbers.

Covers features of the blocks, from their text, their markup, and the readings of the page by others. For what the
numbers weigh, see `body_weights`; for the decision, see `body_choice`.

A reading is what a library took for the body, as text. It votes for each block: the share of the block's runs of four
words that stand in it. No feature knows a site.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.core.documents.boilerplate import is_boilerplate, is_navigation
from pipelines.core.documents.headline import same_words
from pipelines.core.documents.page_blocks import MARKS, Block, flat
from pipelines.core.documents.site_voice import is_bio, is_credited, pitch

_RUN = 4
_WORD = re.compile(r"\w+")
_STAMP = re.compile(r"(?:updated|published|posted|last|first|modified|\d{1,2}[:/ ])", re.I)
_BY = re.compile(r"by\b", re.I)
_SYMBOLS = re.compile(r"[©|@#→»›•▶►▸✉☎★]|https?:|www\.")
_LABEL = re.compile(r"[^.!?]{2,28}:")
_ENDS = (".", "!", "?", "…")
_CLOSERS = "\"“”’')»"
_MIN_DECLARED = 60
"""Words of an `articleBody` from which it may be the whole article and no teaser."""
_MAX_AFTER_BYLINE = 80
_MAX_TEASER_BLOCKS = 4
_MAX_TEASER = 90
"""Words of a box with a link as its title that may be a teaser."""
_MIN_TITLE = 3
_TAGS = {"h1": "h1", "figcaption": "figcaption", "div": "div", "li": "li", "p": "p",
         **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")}  # fmt: skip


@dataclass(frozen=True)
class Hints:
    """What the page says of its article elsewhere.

    Attributes:
        headline: As found (`html_meta`).
        byline: As printed.
        description: Its summary.
        declared: The body that JSON-LD gives, "" if it gives none.
    """

    headline: str | None = None
    byline: str | None = None
    description: str | None = None
    declared: str = ""


class Reading:
    """A library's text of a page, ready to vote."""

    def __init__(self, lines: Sequence[str]) -> None:
        words = [_WORD.findall(flat(line)) for line in lines]
        self.lines = {" ".join(w) for w in words if w}
        everything = [w for line in words for w in line]
        self.runs = set(_runs(everything))
        self.n_words = len(everything)

    def vote(self, words: Sequence[str]) -> float:
        """Return how much of a block's words stand in the reading, 0 to 1; a short block only as a whole line."""
        if len(words) < _RUN:
            return float(bool(words) and " ".join(words) in self.lines)
        runs = _runs(words)
        return sum(run in self.runs for run in runs) / len(runs)

    def votes(self, blocks: Sequence[Block]) -> list[float]:
        """Return the vote for each block."""
        return [self.vote(_WORD.findall(b.text)) for b in blocks]


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[i:] for i in range(_RUN)), strict=False))


def n_words(text: str) -> int:
    """Return the number of words of a text, as votes count them."""
    return len(_WORD.findall(text))


def features(blocks: Sequence[Block], readings: Mapping[str, Reading], hints: Hints) -> list[dict[str, float]]:
    """Return the features of every block by name; one that is absent is 0.

    Args:
        blocks: Of a whole page.
        readings: What libraries read, by name; the densest part of the page votes beside them as "dense".
        hints: What the page says elsewhere.
    """
    words = [_WORD.findall(b.text) for b in blocks]
    sizes = [len(w) for w in words]
    links = [b.n_link / max(1, len(b.text)) for b in blocks]
    dense, prose = _dense(blocks, sizes, links)
    votes = {name: [reading.vote(w) for w in words] for name, reading in readings.items()}
    mean = [sum(v) / len(v) for v in zip(*votes.values(), strict=True)] if votes else dense
    out = [dict(_own(b, n, link)) for b, n, link in zip(blocks, sizes, links, strict=True)]
    for name, vote in {**votes, "dense": dense}.items():
        _put(out, f"vote_{name}", vote)
    if len(votes) > 1:
        _put(out, "vote_least", [min(v) for v in zip(*votes.values(), strict=True)])
    _put(out, "prose_share", prose)
    _containers(out, blocks, mean, sizes)
    _boxes(out, blocks, sizes, links)
    _places(out, mean, sizes, links)
    _declared(out, words, mean, hints.declared)
    _known(out, blocks, hints)
    return out


def _put(out: list[dict[str, float]], name: str, values: Sequence[float]) -> None:
    for row, value in zip(out, values, strict=True):
        if value:
            row[name] = float(value)


def is_prose(block: Block, size: int) -> bool:
    """Whether a block reads as sentences: ten words or more, few of them links, and an end."""
    text = block.text
    is_sentence = size >= 10 and block.n_link < 0.35 * len(text) and text.rstrip(_CLOSERS)[-1:] in (*_ENDS, ":")
    return is_sentence and pitch(text) < 1


def _dense(blocks: Sequence[Block], sizes: Sequence[int], links: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return which blocks stand in the element with most prose, and each one's element's share of the page's prose."""
    in_parent: Counter[int] = Counter()
    longer: Counter[int] = Counter()
    for b, n, link in zip(blocks, sizes, links, strict=True):
        in_parent[b.parent] += n * is_prose(b, n)
        longer[b.parent] += n * (n >= 12 and link < 0.3)
    top = max(in_parent, key=lambda k: (in_parent[k], -k), default=0)
    total = max(1, longer.total())
    return [float(b.parent == top) for b in blocks], [longer[b.parent] / total for b in blocks]


@lru_cache(maxsize=2_000)  # a page in doubt is weighed twice
def _own(block: Block, size: int, link: float) -> Mapping[str, float]:
    """Return the features of a block by itself."""
    text = block.text
    stripped = text.rstrip(_CLOSERS)
    row = {f"in_{mark}": 1.0 for mark in block.marks}
    tag = _TAGS.get(block.tag)
    if tag:
        row[f"tag_{tag}"] = 1.0
        if block.tag == "h1":
            row["tag_heading"] = 1.0
    row["length"] = math.log1p(size)
    row["capitals"] = sum(map(str.isupper, text)) / max(1, len(text))
    said = {
        "long": size > 30,
        "sentence": size >= 8 and stripped[-1:] in _ENDS,
        "opens_quote": text[:1] in '"“«„‘',
        "symbols": bool(_SYMBOLS.search(text)),
        "stamp": size < 14 and bool(_STAMP.match(text)),
        "by": size < 14 and bool(_BY.match(text)),
        "link_line": link > 0.9 and size >= 4 and tag is not None,
        "label_and_link": link > 0.4 and bool(_LABEL.match(text)),
        "boilerplate": is_boilerplate(text),
        "navigation": is_navigation(text),
        "bio": is_bio(text),
        "credited": is_credited(text),
    }
    row["pitch"] = pitch(text)
    row.update((name, 1.0) for name, is_so in said.items() if is_so)
    return row


def _containers(
    out: list[dict[str, float]], blocks: Sequence[Block], mean: Sequence[float], sizes: Sequence[int]
) -> None:
    """Add what the elements round a block hold: their share of all voted words, and the share of theirs that is."""
    total = max(1.0, sum(m * n for m, n in zip(mean, sizes, strict=True)))
    for name, places in (("1", [b.parent for b in blocks]), ("2", [b.grandparent for b in blocks])):
        voted: Counter[int] = Counter()
        held: Counter[int] = Counter()
        for place, m, n in zip(places, mean, sizes, strict=True):
            voted[place] += m * n  # type: ignore[assignment]
            held[place] += n
        _put(out, f"share_{name}", [voted[p] / total for p in places])
        _put(out, f"density_{name}", [voted[p] / max(1, held[p]) for p in places])


def _boxes(out: list[dict[str, float]], blocks: Sequence[Block], sizes: Sequence[int], links: Sequence[float]) -> None:
    """Add what tells a box inside or beside the article: what it says of the site, and a link as its title."""
    pitches = [n * (pitch(b.text) == 1) for b, n in zip(blocks, sizes, strict=True)]
    for name, places in (("1", [b.parent for b in blocks]), ("2", [b.grandparent for b in blocks])):
        pitched: Counter[int] = Counter()
        held: Counter[int] = Counter()
        for place, p, n in zip(places, pitches, sizes, strict=True):
            pitched[place] += p
            held[place] += n
        _put(out, f"pitch_{name}", [pitched[p] / max(1, held[p]) for p in places])
    members: dict[int, list[int]] = defaultdict(list)
    for i, b in enumerate(blocks):
        members[b.parent].append(i)
    for own in members.values():
        is_short = 1 < len(own) <= _MAX_TEASER_BLOCKS and sum(sizes[i] for i in own) <= _MAX_TEASER
        if is_short and any(links[i] > 0.9 and sizes[i] >= _MIN_TITLE for i in own):
            for i in own:
                out[i]["teaser"] = 1.0


def _places(out: list[dict[str, float]], mean: Sequence[float], sizes: Sequence[int], links: Sequence[float]) -> None:
    """Add where a block stands between the first and the last that is voted for, and what stands beside it."""
    voted = [i for i, (m, n) in enumerate(zip(mean, sizes, strict=True)) if m > 0.5 and n >= 10]
    first, last = (voted[0], voted[-1]) if voted else (0, len(out) - 1)
    for i, row in enumerate(out):
        if first <= i <= last:
            row["inside"] = 1.0
        elif i < first:
            row["before"] = math.log1p(first - i)
        else:
            row["after"] = math.log1p(i - last)
        if i > 0:
            row["previous"] = mean[i - 1]
            row["previous_link"] = links[i - 1]
        if i > 1:
            row["second_previous"] = mean[i - 2]
        if i + 1 < len(out):
            row["next_length"] = min(sizes[i + 1], 40) / 40


def _declared(
    out: list[dict[str, float]], words: Sequence[Sequence[str]], mean: Sequence[float], declared: str
) -> None:
    """Add whether a block stands in the body that JSON-LD gives; where that covers the article, whether it does not."""
    reading = Reading(declared.splitlines())
    if reading.n_words <= _MIN_DECLARED:
        return
    inside = [reading.vote(w) if len(w) >= _RUN else 0.0 for w in words]
    total = sum(m * len(w) for m, w in zip(mean, words, strict=True)) or 1.0
    covered = sum(i * m * len(w) for i, m, w in zip(inside, mean, words, strict=True)) / total
    _put(out, "declared", inside)
    _put(
        out,
        "undeclared",
        [float(covered > 0.7 and i < 0.3 and len(w) >= _RUN) for i, w in zip(inside, words, strict=True)],
    )


def _known(out: list[dict[str, float]], blocks: Sequence[Block], hints: Hints) -> None:
    """Add whether a block prints what is known as headline, byline or summary, or stands on the page twice."""
    counts = Counter(b.text for b in blocks)
    title = next(
        (i for i, b in enumerate(blocks) if b.tag in ("h1", "h2") and same_words(b.text, hints.headline or "")), 0
    )
    _put(out, "before_title", [float(i < title) for i in range(len(blocks))])
    known = (("headline", hints.headline), ("byline", hints.byline), ("summary", hints.description))
    for row, block in zip(out, blocks, strict=True):
        if counts[block.text] > 1:
            row["repeated"] = 1.0
        for name, text in known:
            is_cut = name == "byline" and text and len(block.text) < len(text) + _MAX_AFTER_BYLINE
            if is_cut and text and block.text.startswith(text):  # a date or a link to the author stands behind it
                row["is_byline"] = 1.0
            elif text and abs(len(text) - len(block.text)) < 0.5 * len(text) and same_words(block.text, text):
                row[f"is_{name}"] = 1.0


FEATURES = (
    *(f"vote_{n}" for n in ("fast", "precision", "dense", "least")), "prose_share", "share_1", "share_2", "density_1",
    "density_2", "inside", "before", "after", "previous", "second_previous", "previous_link", "next_length",
    "declared", "undeclared", "repeated", "is_headline", "is_byline", "is_summary", "length", "long", "sentence",
    "opens_quote", "capitals", "symbols", "stamp", "by", "link_line", "label_and_link", "boilerplate", "navigation",
    "bio", "credited", "pitch", "pitch_1", "pitch_2", "teaser", "before_title",
    "tag_h1", "tag_heading", "tag_figcaption", "tag_div", "tag_li", "tag_p", *(f"in_{mark}" for mark in MARKS),
)  # fmt: skip
"""Every feature by name."""
