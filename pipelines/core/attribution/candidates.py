"""Candidate attributions: each place where a cue word could report something, with its source and complement.

Belongs here: the walk over a paragraph's words. Does not belong here: one kind of cue (see `verbs`, `nouns`,
`lead_ins`), choosing among candidates and cutting their content (see `rules`).

A word yields at most one candidate. Cues inside quotation marks are no candidates: who speaks there is a matter of
nesting (see `nesting`).
"""

from __future__ import annotations

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.candidate import Candidate
from pipelines.core.attribution.cues import CueForm, CueLexicon
from pipelines.core.attribution.lead_ins import label_candidate, signature_candidate
from pipelines.core.attribution.nouns import noun_candidate, phrase_candidate
from pipelines.core.attribution.verbs import verb_candidate
from pipelines.core.attribution.view import ParagraphView


def find_candidates(view: ParagraphView, lexicon: CueLexicon) -> list[Candidate]:
    """Return the candidates of a paragraph in the order of their head words."""
    out: list[Candidate] = []
    out.extend(c for c in (label_candidate(view, lexicon), signature_candidate(view, lexicon)) if c is not None)
    for i, low in enumerate(view.low):
        if view.quote_of[i] >= 0:
            continue
        for form in lexicon.lookup(low):
            end = i + 1 + len(form.tail)
            if view.low[i + 1 : end] != form.tail:
                continue
            found = _candidate(view, i, end, form)
            if found is not None:
                out.append(found)
                break
    return out


def _candidate(view: ParagraphView, i: int, end: int, form: CueForm) -> Candidate | None:
    if not t.is_word(form.entry.lemma):
        return None
    if form.inflection == "phrase":
        return phrase_candidate(view, i, end, form.entry)
    if form.inflection in ("noun", "nouns"):
        return noun_candidate(view, i, end, form)
    return verb_candidate(view, i, end, form)
