"""Paragraphs that nobody printed, for a teacher to label: names, numbers and cue verbs of real ones exchanged.

After Jiao et al. (2020), "TinyBERT": a student learns more from a teacher's answers to texts that the teacher has not
learned by heart.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipelines.core.attribution.cues import CueLexicon

NAME_SHARE, VERB_SHARE, NUMBER_SHARE = 0.7, 0.33, 0.5
_MIN_WORDS = 7
_WORD = re.compile(r"[A-Za-z']+|\d+")
Names = Sequence[tuple[int, int, str]]
"""(start, end, kind) in the paragraph."""


def make_variants(paragraphs: Sequence[tuple[str, Names]], lexicon: CueLexicon, seed: int) -> list[str | None]:
    """Return one variant of each paragraph, None where nothing was exchanged; the same seed gives the same variants."""
    rng = random.Random(seed)
    pool: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for text, names in paragraphs:
        for start, end, kind in names:
            name = text[start:end]
            if "\n" not in name and 2 < len(name) < 45 and name[0].isupper():
                pool[kind, " " in name].append(name)
    verbs = _verbs(lexicon)
    return [
        _variant(text, names, pool, verbs, lexicon, rng) if len(text.split()) >= _MIN_WORDS else None
        for text, names in paragraphs
    ]


def _verbs(lexicon: CueLexicon) -> dict[str, list[str]]:
    out: dict[str, list[str]] = defaultdict(list)
    for word, forms in sorted(lexicon.forms.items()):
        for form in forms:
            if form.entry.form == "verb" and not form.tail and not form.entry.is_silent:
                out[form.inflection].append(word)
    return out


def _variant(
    text: str,
    names: Names,
    pool: Mapping[tuple[str, bool], Sequence[str]],
    verbs: Mapping[str, Sequence[str]],
    lexicon: CueLexicon,
    rng: random.Random,
) -> str | None:
    edits: list[tuple[int, int, str]] = []
    chosen: dict[str, str] = {}
    for start, end, kind in names:
        name = text[start:end]
        if rng.random() < NAME_SHARE and pool.get((kind, " " in name)):
            chosen.setdefault(name, rng.choice(pool[kind, " " in name]))
            edits.append((start, end, chosen[name]))
    for m in _WORD.finditer(text):
        start, end = m.span()
        if any(s < end and start < e for s, e, _ in names):
            continue
        word = m.group()
        if word.isdigit():
            if rng.random() < NUMBER_SHARE:
                edits.append((start, end, str(rng.randint(1, 10 ** len(word) - 1))))
            continue
        forms = [f for f in lexicon.lookup(word) if f.entry.form == "verb" and not f.tail and f.inflection in verbs]
        if forms and rng.random() < VERB_SHARE:
            edits.append((start, end, rng.choice(verbs[forms[0].inflection])))
    out, at = "", 0
    for start, end, new in sorted(edits):
        if start >= at:
            out += text[at:start] + new
            at = end
    out += text[at:]
    return out if out != text else None
