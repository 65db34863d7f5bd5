"""Candidates whose cue is a mark: a label and a colon (PENCE: Well), a quote, a dash and a name.

Belongs here: those two, and which labels name no speaker. Does not belong here: colons behind a verb
(see `complements`).
"""

from __future__ import annotations

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.candidate import Candidate
from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.phrases import Phrase
from pipelines.core.attribution.tokens import DASHES
from pipelines.core.attribution.view import ParagraphView

_TRANSCRIPT_REACH = 9
_LABEL_WORDS = 3
"""A label before a colon that is neither in capitals nor before a quote has at most this many words."""
_LABELS = frozenset(
    "note notes disclosure summary image images photo photos picture video caption update updated correction "
    "clarification source sources related more also q a question answer contact phone email e-mail tel fax date time "
    "location where when what who why how age height weight born price rating advertisement ad warning tip tips "
    "highlights breaking live exclusive opinion analysis review pros cons verdict fact facts claim conclusion "
    "background introduction step figure table chart total totals result results score scores credit credits "
    "copyright by from to subject re cc memo ps hometown position record salary cost tickets info information "
    "admission address website hours deadline trivia title author publisher editor's headline topic category tags "
    "filed here example remember reminder attention caveat fyi n.b nb p.s part chapter day week year".split()
)
"""Words that stand before a colon and name no speaker."""
_SIGNATURE_REACH = 16


def label_candidate(view: ParagraphView, lexicon: CueLexicon) -> Candidate | None:
    """Return the candidate of a paragraph that starts with a name and a colon: `PENCE: Well`, `Lind: ‘No deal’`."""
    entries = lexicon.lookup(":")
    if not entries:
        return None
    start = 1 if view.opens_quote(0) else 0
    for k in range(start + 1, min(len(view.low) - 1, _TRANSCRIPT_REACH)):
        low = view.low[k]
        if view.quote_of[k] >= 0 and not start:
            return None
        if low != ":":
            continue
        names = [w for w in view.words[start:k] if t.is_word(w)]
        if not names or not all(w[:1].isupper() or w in ("of", "the", "de", "van", "von", "al") for w in names):
            return None
        if start and not all(w.isupper() for w in names):
            return None
        quoted = view.opens_quote(k + 1)
        if view.low[start] in _LABELS or view.low[k - 1] in _LABELS or view.low[start] == "(":
            return None
        if not quoted and len(names) > _LABEL_WORDS and not all(w.isupper() for w in names):
            return None
        kind = "caps" if all(w.isupper() for w in names) else "name"
        return Candidate(
            entries[0].entry, (k, k + 1), k, Phrase(start, k, "name"), False, "quote" if quoted else "object", k + 1,
            (0, 0), ("transcript", f"transcript {kind}", f"names={min(len(names), 4)}"),
        )  # fmt: skip
    return None


def signature_candidate(view: ParagraphView, lexicon: CueLexicon) -> Candidate | None:
    """Return the candidate of a paragraph that is a quote, a dash and a name: `“...” — Carla Sanchez`."""
    entries = lexicon.lookup("—")
    if not entries or not view.quotes:
        return None
    first, k = view.quote_ranges[-1]
    n = len(view.low)
    if k >= n - 1 or n - k > _SIGNATURE_REACH or view.low[k] not in DASHES:
        return None
    end = n - 1 if view.low[n - 1] == "." else n
    if end <= k + 1 or not view.words[k + 1][:1].isupper():
        return None
    source = Phrase(k + 1, end, "name")
    return Candidate(entries[0].entry, (k, k + 1), k, source, False, "quote", -1, (first, k), ("signature",))
