"""Candidates whose cue is a verb, or an adjective behind a form of `be`.

Belongs here: the verb group, what is no verb in spite of its form, passives, and which side the content stands on.
Does not belong here: the subject (see `subjects`), content before the cue (see `sides`), or what follows the cue
(see `complements`).
"""

from __future__ import annotations

from pipelines.core.attribution import tokens as t
from pipelines.core.attribution.candidate import NO_PHRASE, NOT_DONE, Candidate
from pipelines.core.attribution.complements import Complement, complement_of
from pipelines.core.attribution.cues import CueForm
from pipelines.core.attribution.model import Span
from pipelines.core.attribution.phrases import Phrase, left_phrase, right_phrase
from pipelines.core.attribution.sides import content_before, ends_in_quote, inverted_source, prefers_left, resumes_at
from pipelines.core.attribution.subjects import subject_of
from pipelines.core.attribution.view import ParagraphView

_OBJECT_PRONOUNS = frozenset("us me him them".split())
_EMPTY_OBJECTS = frozenset("them him her us me himself herself themselves itself".split())
_SAYING_CLASSES = frozenset("say assert announce explain report reveal ask reply".split())
_PERFORMED = frozenset(("promise", "announce", "propose"))
_PREPOSITIONS_IN_ING = frozenset("including regarding following concerning".split())
_RELATIVE_VERBS = frozenset("say think believe claim hope know insist argue suspect fear".split())
"""Verbs between `which` and its own verb: the plan which he says is dead."""
_REDUCED = frozenset("expect project estimate believe report require order allow ask invite forecast plan".split())


def _verb_group_start(view: ParagraphView, i: int, floor: int) -> int:
    """Return the first token of the verb group that ends in token i: auxiliaries, adverbs and negations before it."""
    j = i
    floor = max(floor, i - 8)
    while j > floor:
        low = view.low[j - 1]
        is_adverb = low in t.NEGATIONS or (t.is_adverb(low) and view.words[j - 1].islower())
        if not (is_adverb or low in t.AUXILIARIES) or view.quote_of[j - 1] >= 0:
            break
        j -= 1
    while j < i and view.low[j] in ("both", "all", "each") and view.low[j] not in t.AUXILIARIES:
        j += 1
    return j


def verb_candidate(view: ParagraphView, i: int, end: int, form: CueForm) -> Candidate | None:
    """Return the candidate of a verb or adjective at token i, its particle ending before `end`; None if it is none."""
    floor, ceiling = view.sentence_range(i)
    if i > floor and view.words[i][:1].isupper() and not _is_title_case(view, i):
        return None
    j = _verb_group_start(view, i, floor)
    aux = frozenset(view.low[j:i])
    features = [f"form={form.inflection}"]
    before = view.low[j - 1] if j > floor else "^"
    if form.inflection == "adjective" and not (
        aux & t.BE_FORMS or before in ("seems", "seemed", "feels", "felt", "remains")
    ):
        return None
    is_infinitive = before == "to" and form.inflection == "base"
    if (
        form.inflection == "base"
        and not is_infinitive
        and not aux & (t.MODALS | {"do", "does", "did", "don't", "doesn't", "didn't", "'ll", "'d"})
    ):
        if before in t.DETERMINERS | t.PREPOSITIONS | {"'s", "^", "'"} or not _could_be_plural(view, j, floor):
            return None
        features.append("bare present")
    if form.inflection == "s" and (before in t.DETERMINERS | t.PREPOSITIONS | {"'s", "^", "and", "or"} and i == j):
        if before != "and":
            return None
        features.append("and s")
    passive = bool(aux & t.BE_FORMS) and form.inflection in ("ed", "en")
    if form.inflection == "en" and not aux:
        features.append("bare participle")
    if form.inflection in ("ed", "en") and before in t.DETERMINERS | {"'s"} and i == j:
        return None
    if form.inflection in ("ed", "en") and end < ceiling and view.low[end] == "by" and not form.tail:
        return _agent(view, i, j, end, form, features, passive)
    complement = complement_of(view, end, ceiling, form.entry.lemma)
    if _is_no_verb(view, i, j, end, form, complement):
        return None
    if passive:
        return _passive(view, i, j, form, complement, features)
    source, kind = subject_of(view, i, j, floor, form, is_infinitive)
    features.append(
        "neg" if aux & t.NEGATIONS or any(a.endswith("n't") for a in aux) else "modal" if aux & t.MODALS else "plain"
    )
    if is_infinitive:
        features.append("to")
    if "neg" in features and complement.pattern == "object" and form.entry.cue_class in _PERFORMED:
        features.append(NOT_DONE)
    return _assemble(view, form, i, (j, complement.cue_end), source, kind, complement, features)


def _is_no_verb(view: ParagraphView, i: int, j: int, end: int, form: CueForm, complement: Complement) -> bool:
    """Tell whether a word is a noun, a preposition or a set phrase in spite of its form."""
    after = view.low[end] if end < len(view.low) else "."
    behind = view.low[end + 1] if end + 1 < len(view.low) else "."
    before = view.low[j - 1] if j > view.sentence_range(i)[0] else "^"
    if form.inflection == "ing" and view.low[i] in _PREPOSITIONS_IN_ING and i == j:
        return True
    if form.entry.lemma == "plead" and ("guilty" in (after, behind) or after == "no"):
        return True
    if form.inflection in ("s", "base") and i == j:
        if after == "that" and behind in t.FINITE and form.entry.lemma not in _RELATIVE_VERBS:
            return True  # states that have lost: a noun and its relative clause
        if after in t.FINITE and form.entry.lemma not in _RELATIVE_VERBS:
            return True  # its requests are accepted
        if form.inflection == "base" and before in _OBJECT_PRONOUNS:
            return True  # let us know
    if form.inflection == "ing" and i == j and after in t.FINITE:
        return True  # its listing would raise
    # ", expected to close in March,": said of the noun before, by nobody
    reduced = form.inflection in ("ed", "en") and i == j and before == "," and complement.pattern == "infinitive"
    return reduced and form.entry.lemma in _REDUCED


def _is_title_case(view: ParagraphView, i: int) -> bool:
    """Tell whether a capitalised word stands among capitalised words: a headline, and not a name (United States)."""
    floor, ceiling = view.sentence_range(i)
    near = range(max(floor, i - 8), min(ceiling, i + 9))
    return not any(view.words[k][:1].islower() and len(view.words[k]) > 4 and view.quote_of[k] < 0 for k in near)


def _could_be_plural(view: ParagraphView, j: int, floor: int) -> bool:
    if j <= floor:
        return False
    word, low = view.words[j - 1], view.low[j - 1]
    return (
        low in t.PRONOUN_SUBJECTS
        or low in t.PRONOUNS
        or low.endswith("s")
        or low in ("people", "police", "men", "women", "and", ",", "media", "critics")
        or (word[:1].isupper() and low.endswith("s"))
    )


def _assemble(
    view: ParagraphView,
    form: CueForm,
    i: int,
    cue: Span,
    source: Phrase,
    kind: str,
    complement: Complement,
    features: list[str],
) -> Candidate | None:
    """Decide on which side of a verb its content stands, and make the candidate."""
    floor, ceiling = view.sentence_range(i)
    inverted = inverted_source(view, i, cue, kind, form)
    elided = kind in ("elided", "gerund", "far")
    if inverted is not None:
        left = content_before(view, cue[0], floor)
        after = resumes_at(view, inverted.end, ceiling, ends_in_quote(view, left))
        features += ["inverted", f"inv={inverted.kind}", "left quote" if ends_in_quote(view, left) else "left text"]
        return Candidate(
            form.entry, (cue[0], i + 1 + len(form.tail)), i, inverted, False, "left", after, left, tuple(features)
        )
    start = cue[0] if elided or source.is_empty else source.first
    left = content_before(view, start, floor)
    features.append(f"source={kind}")
    if left[1] > left[0] and not elided and prefers_left(view, left, complement, i + 1 + len(form.tail)):
        after = (
            complement.content
            if complement.pattern == "quote"
            else resumes_at(view, i + 1 + len(form.tail), ceiling, ends_in_quote(view, left))
        )
        features.append("left quote" if ends_in_quote(view, left) else "left text")
        cue_end = i + 1 + len(form.tail)
        return Candidate(form.entry, (cue[0], cue_end), i, source, False, "left", after, left, tuple(features))
    if complement.content < 0 or _is_act(view, i, form, complement) or _is_empty(view, form, complement):
        return None
    if kind == "attached" and view.low[source.first : source.first + 1] in (("a",), ("an",)):
        return None
    return Candidate(
        form.entry, cue, i, source, elided, complement.pattern, complement.content, (start, start), tuple(features)
    )


def _is_act(view: ParagraphView, i: int, form: CueForm, complement: Complement) -> bool:
    """Tell whether a verb of reply reports an act (responded with mortar fire) and not words."""
    near = view.low[i + 1 : i + 3]
    return (
        form.entry.cue_class == "reply"
        and complement.pattern in ("preposition", "object", "infinitive")
        and bool({"with", "in"} & set(near))
    )


def _is_empty(view: ParagraphView, form: CueForm, complement: Complement) -> bool:
    """Tell whether a verb has a mere `that` for its content, or one of speech a mere pronoun: `reiterated them`."""
    behind = view.low[complement.content + 1] if complement.content + 1 < len(view.low) else "."
    if view.low[complement.content] == "that" and behind in (".", ",", ";"):
        return True
    return (
        complement.pattern == "object"
        and view.low[complement.content] in _EMPTY_OBJECTS
        and form.entry.form == "verb"
        and form.entry.cue_class in _SAYING_CLASSES
    )


def _agent(
    view: ParagraphView, i: int, j: int, end: int, form: CueForm, features: list[str], passive: bool
) -> Candidate | None:
    floor, ceiling = view.sentence_range(i)
    source = right_phrase(view, end + 1, ceiling)
    content = left_phrase(view, j, floor)
    if source.is_empty or content.is_empty:
        return None
    features += ["agent finite" if passive else "agent reduced", f"source={source.kind}"]
    return Candidate(form.entry, (j, end), i, source, False, "agent", -1, (content.first, content.end), tuple(features))


def _passive(
    view: ParagraphView, i: int, j: int, form: CueForm, complement: Complement, features: list[str]
) -> Candidate | None:
    if complement.content < 0:
        return None
    features += [f"passive {complement.pattern}"]
    return Candidate(
        form.entry, (j, complement.cue_end), i, NO_PHRASE, False, "passive", complement.content, (j, j), tuple(features)
    )
