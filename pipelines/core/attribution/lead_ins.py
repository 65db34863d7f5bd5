"""Attributions whose cue is a mark: a label and a colon (PENCE: Well), a quote, a dash and a name.

Covers those two, and which labels name no speaker. For quotes that start in the next paragraph, see `candidates`.

Both are matters of layout and not of language, so rules are surer than a learned tagger that saw few of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from pipelines.core.attribution.model import Attribution
from pipelines.core.text import tokens as t
from pipelines.core.text.quotation_marks import paragraph_quotes
from pipelines.core.text.spans import Span
from pipelines.core.text.tokens import DASHES

CONFIDENCE = 0.9
"""Probability that such an attribution is right."""
_LABEL_REACH = 9
_LABEL_WORDS = 3
"""A label before a colon that is neither in capitals nor before a quote has at most this many words."""
_SIGNATURE_REACH = 16
_TELLS_NOTHING = 2
_QUOTED = frozenset("\"“‘'«")
_SMALL = frozenset("of the de van von al".split())
_LABELS = frozenset(
    "note notes disclosure summary image images photo photos picture video caption update updated correction "
    "clarification source sources related more also q a question answer contact phone email e-mail tel fax date time "
    "location where when what who why how age height weight born price rating advertisement ad warning tip tips "
    "highlights breaking live exclusive opinion analysis review pros cons verdict fact facts claim conclusion "
    "background introduction step figure table chart total totals result results score scores credit credits "
    "copyright by from to subject re cc memo ps hometown position record salary cost tickets info information "
    "admission address website hours deadline trivia title author publisher editor's headline topic category tags "
    "filed contributing latest retraction here example remember reminder attention caveat fyi n.b nb p.s part chapter "
    "day week year disclaimer disclaimers".split()
)
"""Words that stand before a colon and name no speaker."""
_HEADING = re.compile(
    r"(?:(?:an?|the|our|my)\s+)?(?:[\w-]+\s+){0,2}"
    r"(?:interview|conversation|q\s*&\s*a|profile|portrait|obituary|appreciation|tribute|biography|timeline|review)\s+"
    r"(?:with|of|by|to|from)\b",
    re.IGNORECASE,
)
"""How the heading of a piece about somebody goes on behind the name: Ana Ruiz: An interview with the mayor."""
_NAME_WORD = r"(?:[A-Z]\.|(?:[a-z]{2,3} )?[A-Z][\w'’-]+)"
_TRANSCRIPT = re.compile(
    r"(?P<who>(?P<title>(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Senator|Sen|Rep|Representative|Justice|Judge"
    r"|Chief Justice|Minister|Professor|Prof|Councillor|Cllr|Commissioner|Chairman|Chairwoman|Chair|The Chair|President"
    r"|Deputy)\.? )?"
    rf"(?P<name>{_NAME_WORD}(?: {_NAME_WORD}){{0,3}}))"
    r"(?P<brackets>(?: ?[(\[][^()\[\]\n]{1,60}[)\]]){0,3})(?P<mark>[:.]) +(?=[\w“\"‘'$£])"
)
"""A speaker's label with what stands in brackets behind the name: party, seat, time, manner."""
_SIGNED = re.compile(r"[”\"»’']\s{0,3}(?:[-–—―]|--)\s{0,3}\S")
_HEAD_REACH = 120


def lead_in(paragraph: str) -> Attribution | None:
    """Return the attribution of a paragraph that a label opens or a signature closes, None without one."""
    found = _transcript(paragraph)
    if found is None and ":" in paragraph[:_HEAD_REACH]:
        found = _label(paragraph)
    if found is None and _SIGNED.search(paragraph):
        found = _signature(paragraph)
    return found


def topic_labels(text: str, paragraphs: Sequence[Span]) -> set[int]:
    """Return the numbers of the paragraphs whose label is a topic or a place: CYCLING: She will miss the spring.

    A speaker's label comes again, as a label or in the text; one that does neither names no speaker, unless a quotation
    follows it. Texts of one or two paragraphs do not tell.
    """
    if len(paragraphs) <= _TELLS_NOTHING:
        return set()
    labels: dict[int, str] = {}
    for number, (start, end) in enumerate(paragraphs):
        head = text[start : min(end, start + _HEAD_REACH + 80)]
        found = _label(head) if ":" in head[:_HEAD_REACH] else None
        if found and head[found.content[0][0]] not in _QUOTED:
            labels[number] = head[slice(*found.source[0])].split()[-1].lower()
    heard = Counter(labels.values())
    words = Counter(text[s:e].lower() for s, e in t.tokenize(text)) if labels else Counter()
    return {number for number, label in labels.items() if heard[label] == 1 and words[label] == 1}


def _transcript(paragraph: str) -> Attribution | None:
    """`Senator VELLA (Northern Region) (14:02): When`, `Rhona Pike (Keel West) (Lab): I`, `Mr. TRAFFORD. I ask`."""
    found = _TRANSCRIPT.match(paragraph)
    if found is None or not (found["brackets"] or found["title"]):
        return None
    if not found["title"] and found["name"].split()[0].lower() in _LABELS:
        return None
    if found["mark"] == "." and not (found["title"] and found["name"].split()[-1].isupper()):
        return None
    return Attribution(
        ((found.start("who"), found.end("who")),), (found.span("mark"),), ((found.end(), len(paragraph)),), CONFIDENCE
    )


def _label(paragraph: str) -> Attribution | None:
    """`PENCE: Well, look`, `“PENCE: Well, look”`, `Lind: ‘No deal’`; not `Note: all times are local`."""
    tokens = t.tokenize(paragraph[: _HEAD_REACH + 80])
    words = [paragraph[s:e] for s, e in tokens]
    if ":" not in words[: _LABEL_REACH + 1]:
        return None
    quotes = [q for q in paragraph_quotes(paragraph) if not q.depth]
    start = 1 if quotes and tokens and quotes[0].start == tokens[0][0] else 0
    for k in range(start + 1, min(len(tokens) - 1, _LABEL_REACH)):
        if words[k] != ":":
            continue
        names = [w for w in words[start:k] if t.is_word(w)]
        if not names or not all(w[:1].isupper() or w in _SMALL for w in names):
            return None
        capitals = all(w.isupper() for w in names)
        opens = any(q.start == tokens[k + 1][0] for q in quotes)
        if words[start].lower() in _LABELS or words[k - 1].lower() in _LABELS or words[start] == "(":
            return None
        if (start and not capitals) or (not opens and not capitals and len(names) > _LABEL_WORDS):
            return None
        if not opens and not capitals and not all(w[:1].isupper() for w in names):
            return None
        if not opens and not capitals and _HEADING.match(paragraph, tokens[k + 1][0]):
            return None
        end = quotes[0].inner_end if start and quotes[0].inner_end > tokens[k][1] else len(paragraph)
        content = (tokens[k + 1][0], end)
        return Attribution(((tokens[start][0], tokens[k - 1][1]),), (tokens[k],), (content,), CONFIDENCE)
    return None


def _signature(paragraph: str) -> Attribution | None:
    """`“A wall round him.” ― Carla Sanchez`."""
    quotes = [q for q in paragraph_quotes(paragraph) if not q.depth]
    if not quotes or quotes[-1].close_mark is None:
        return None
    last = quotes[-1]
    tokens = t.tokenize(paragraph)
    k = bisect_left(tokens, (last.end, last.end))
    end = len(tokens)
    if k >= end - 1 or end - k > _SIGNATURE_REACH or paragraph[slice(*tokens[k])] not in DASHES:
        return None
    if paragraph[slice(*tokens[-1])] == ".":
        end -= 1
    if (
        end <= k + 1
        or not paragraph[tokens[k + 1][0]].isupper()
        or any(c.isalnum() for c in paragraph[: quotes[0].start])
    ):
        return None
    source = (tokens[k + 1][0], tokens[end - 1][1])
    return Attribution((source,), (tokens[k],), ((quotes[0].start, last.end),), CONFIDENCE)
