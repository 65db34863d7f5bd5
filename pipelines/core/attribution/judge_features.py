"""What is seen of a candidate statement, as marks for the judge.

Covers closed-class and layout marks of one candidate. For their weights, see `judge`; for the sureness of labels, see
`confidence`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.core.attribution import names, statements
from pipelines.core.attribution.confidence import FEATURES
from pipelines.core.attribution.cues import CueEntry, OwnWords
from pipelines.core.attribution.model import Attribution
from pipelines.core.text import tokens as t
from pipelines.core.text.spans import Span

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BE = frozenset(
    "is are was were be been being am isn't aren't wasn't weren't 's he's she's it's i'm we're they're".split()
)
_SUBJECTS = frozenset("he she they it i we you who".split())
_LENGTHS = (1, 2, 4, 8, 15, 30)
_SCALE = 7.0
"""Sureness of labels reaches from 0 to about this; marks reach from 0 to 1."""
_HEAD = 300


def marks_of(
    text: str, a: Attribution, entry: CueEntry | None, method: str, kind: str, polarity: str, own: OwnWords
) -> dict[str, float]:
    """Return the marks of a candidate.

    Args:
        text: the text.
        a: the spans, with what was measured of their labels.
        entry: the lexicon's line for the cue.
        method: value of `statements.attribution_method`.
        kind: value of `statements.statement_type`.
        polarity: value of `statements.polarity`.
        own: what a user adds to the words that we know.
    """
    cue, source = (spans[0] if spans else None for spans in (a.cue, a.source))
    opening = _opening(text, a.content)
    clausal = statements.is_clausal(text, a.content, entry is not None and statements.is_directive(entry))
    cue_class = "none" if cue is None else entry.cue_class if entry else "unknown"
    order = _order(cue, a.content)
    shape = "clause" if clausal else "phrase"
    words = sum(len(text[s:e].split()) for s, e in a.content)
    length = sum(words > n for n in _LENGTHS)
    named = [
        f"class={cue_class}", f"type={kind}", f"shape={shape}", f"opening={opening}", f"order={order}",
        f"length={length}", f"method={method}", f"polarity={polarity}", f"pieces={min(len(a.content), 3)}",
        f"source={names.source_kind(text, source, '', own)}", f"class={cue_class}&shape={shape}&type={kind}",
        f"class={cue_class}&opening={opening}", f"order={order}&shape={shape}&type={kind}",
        *_of_cue(text, cue, entry), *_of_place(text, a, order),
    ]  # fmt: skip
    marks = dict.fromkeys(named, 1.0)
    marks.update((name, value / _SCALE) for name, value in zip(FEATURES, a.measured, strict=False))
    marks["bias"] = 1.0
    return marks


def _opening(text: str, content: Sequence[Span]) -> str:
    """Return the kind of the first word of content."""
    start, end = content[0]
    if not text[start].isalnum() and text[start] not in "$£€#@":
        return "mark"
    found = _WORD.search(text, start, min(end, start + _HEAD))
    if not found:
        return "none"
    word = found.group().lower().replace("’", "'")
    if word in ("that", "to", "as", "it", "there", "if", "for", "of", "on", "about", "by"):
        return word
    if word in t.WH_WORDS:
        return "wh"
    if word in _SUBJECTS or "'" in word:
        return "pronoun"
    if word in t.DETERMINERS:
        return "determiner"
    if word.endswith("ing") and len(word) > 5:
        return "ing"
    if word[0].isdigit():
        return "number"
    return "name" if found.group()[0].isupper() else "other"


def _order(cue: Span | None, content: Sequence[Span]) -> str:
    if cue is None:
        return "none"
    before, after = content[0][0] < cue[0], content[-1][0] > cue[0]
    return "both" if before and after else "before" if before else "after"


def _of_cue(text: str, cue: Span | None, entry: CueEntry | None) -> list[str]:
    """Return marks of the words of a cue: its lemma, its verb form, and what goes with it."""
    if cue is None:
        return []
    words = [w.lower().replace("’", "'") for w in _WORD.findall(text[cue[0] : cue[1]])]
    out = [f"words={min(len(words), 4)}"]
    if entry:
        out += [f"lemma={entry.lemma}", f"stance={entry.stance}", f"form={entry.form}"]
    if not words:
        return out
    heads = [w for w in words if w.endswith(("ed", "ing")) or w in ("said", "told", "says")]
    form = heads[-1][-3:] if heads else words[-1][-1:] if words[-1].endswith("s") else "base"
    be = any(w in _BE for w in words)
    out += [f"verb={form}", f"be={be}&verb={form}"]
    out += [f"has={name}" for name, group in _GROUPS if any(w in group for w in words)]
    last = words[-1]
    if last in t.PREPOSITIONS:
        out.append(f"tail={last}")
    before = _WORD.findall(text[max(0, cue[0] - 24) : cue[0]])
    if before and before[-1].lower() in _BEFORE:
        out.append(f"before={before[-1].lower()}")
    return out


_GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    ("modal", t.MODALS), ("negation", t.NEGATIONS), ("have", frozenset("has have had having".split())),
    ("be", _BE), ("to", frozenset(("to",))),
)  # fmt: skip
_BEFORE = frozenset(
    "to who which that by of for and not from has been was were is are a an the its his her their".split()
)


def _of_place(text: str, a: Attribution, order: str) -> list[str]:
    """Return marks of what stands round the spans."""
    out: list[str] = []
    end = a.content[-1][1]
    after = text[end : end + 1]
    out.append(
        f"after={'comma' if after == ',' else 'stop' if after in '.!?' else 'end' if after in chr(10) else 'word'}"
    )
    if order == "before" and statements.opens_sentence(text, a.content[0][0]):
        out.append("fronted")
    if a.cue and a.source:
        gap = max(a.source[0][0] - a.cue[0][1], a.cue[0][0] - a.source[0][1])
        out.append(f"gap={0 if gap <= 2 else 1 if gap <= 25 else 2 if gap <= 80 else 3}")
    if a.source and not a.cue:
        between = text[a.source[0][1] : a.content[0][0]]
        out.append(f"apart={min(between.count(chr(10) * 2), 2)}")
    line = text[text.rfind("\n", 0, end) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]
    if line.rstrip()[-1:] not in ".?!”\"'’)":
        out.append("heading")
    return out
