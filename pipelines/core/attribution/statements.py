"""The fields of a statement beside its spans: cue, method, polarity, type, tier.

Covers rules over the words of one attribution. For finding attributions, see `neural` and `linker`; for the kind of its
source, see `names`; for frames, see `extract`. It does not cover dates and actors (other packages).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.core.attribution.cues import CueEntry, CueLexicon, OwnWords
from pipelines.core.attribution.judge import Judgement
from pipelines.core.attribution.model import Attribution
from pipelines.core.attribution.names import analyse_phrase, is_metonym
from pipelines.core.text import tokens as t
from pipelines.core.text.months import MONTH, WEEKDAY
from pipelines.core.text.spans import Span

_HYPOTHETICAL = re.compile(r"\b(?:may|might|could|would|should|if|unless|whether|can)\b", re.IGNORECASE)
_FUTURE = re.compile(
    r"\b(?:will|'ll|won't|shall)\b|\b(?:is|are|was|were) (?:also |now |widely )?"
    r"(?:expected|due|set|scheduled|likely|going|poised|about) to\b"
    r"|\bplans? to\b|\bexpected to\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|cannot|nor|no longer)\b|n['’]t\b|\b(?:declin|refus)(?:ed|es|e|ing) to\b|\bwithout\b", re.IGNORECASE
)
_CAPITAL = re.compile(r"\b[A-Z][a-z]+\b")
_QUESTION_REACH = 300
_BORDER = re.compile(r"[.!?](?=\s|$)|\n|[“\"”]")
_ASKS = re.compile(
    r"(?:^|(?<=[.!?]\s)|(?<=\n))(?:(?:and|but|so|then|or) )?(?:did|do|does|has|have|had|was|were|is|are|can|could|will"
    r"|would|should|might|why|how|what|who|when|where|which)(?:n['’]t)?\b(?-i:(?! [A-Z]\w+ (?:said|says|told)))",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|unless)\s*$", re.IGNORECASE)
_TIME = re.compile(
    rf"\b(?:(?:on|late|early|last|this|next)\s+){{0,2}}{WEEKDAY}"
    r"(?:\s+(?:morning|afternoon|evening|night))?\b"
    r"|\b(?:earlier |later )?(?:today|yesterday|tonight)\b"
    r"|\b(?:earlier this|last|this) (?:week|month|year)\b"
    rf"|\b(?:on )?{MONTH} \d{{1,2}}(?:, \d{{4}})?\b"
)
_VENUE = re.compile(
    r"\b(?:in|at|during)\s+(?:a|an|the|his|her|their)\s+(?:[\w’'-]+\s+){0,3}"
    r"(?:interview|speech|conference|briefing|rally|debate|hearing|summit|meeting|event)"
    r"(?:\s+(?:in|with|at)\s+[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,3})?"
)
_RELATIVE = re.compile(r"[\s,]*(?:who|which|that)\b", re.IGNORECASE)
_ADDRESSEE = re.compile(
    r"\s+((?:[A-Za-z][\w’'.-]*)(?:\s+[A-Za-z][\w’'-]*){0,5}?)(?=\s*(?:[,.:;“\"]|\bthat\b|\bin\b|\bon\b|\bto\b|\bafter\b|\bduring\b|$))"
)
_SPEECH_NOUNS = frozenset(("write", "tweet", "retweet", "post", "email", "text", "blog", "read"))
_POSSESSIVES = frozenset("his her their its my our your".split())
_POSSESSOR_REACH = 24
_CORE_CLAUSE = frozenset("whether how why what who if".split())
_CLAUSE_HEADS = frozenset(
    "it's i'm he's she's they're we're you're there's that's i've we've they've i'll we'll".split()
)
_DIRECTIVE_CLASSES = frozenset(("urge", "promise", "warn", "ask", "assert"))
_CLAUSE_REACH = 25
_MIN_SENTENCE = 4
_NO_SPEECH = frozenset(("think", "want"))
"""Classes of cues that tell of a belief or an intention, in nobody's own words."""
_MIN_CORE = 2
"""One word (Orr said that) says too little to count."""
CORE = 0.35
"""Statements that are core with at least this probability are counted; see the curve in docs/model-card.md."""


def cue_entry(lexicon: CueLexicon, cue: str, is_noun: bool = False) -> CueEntry | None:
    """Return the lexicon's line for a cue as printed; None if it has none.

    The line is that of its first verb, else noun or phrase; with `is_noun` (her claim) the noun goes first.
    """
    preferred = "noun" if is_noun else "verb"
    low = tuple(t.plain(cue[s:e]).lower().replace("’", "'") for s, e in t.tokenize(cue))
    fallback: CueEntry | None = None
    for i, word in enumerate(low):
        for form in lexicon.lookup(word):
            if low[i + 1 : i + 1 + len(form.tail)] != form.tail:
                continue
            if form.entry.form == preferred or form.inflection == "adjective":
                return form.entry
            fallback = fallback or form.entry
    return fallback


def is_possessed(text: str, source: Span | None, cue: Span | None) -> bool:
    """Tell whether the source is the possessor of its cue, which is a noun then: her claim, the union's demand."""
    if source is None or cue is None or not 0 <= cue[0] - source[1] <= _POSSESSOR_REACH:
        return False
    between = text[source[1] : cue[0]]
    return between.startswith(("'s ", "’s ", "' ", "’ ")) or text[source[0] : source[1]].lower() in _POSSESSIVES


def statement_type(content: Sequence[Span], quotes: Sequence[Span], text: str) -> str:
    """Return direct, indirect or mixed: whether all, none or some letters and digits of the content stand in a quote.

    Args:
        content: spans of the content, rising.
        quotes: (inner_start, inner_end) of the quotes that touch it, rising.
        text: the text.
    """
    inside = outside = first = 0
    for start, end in content:
        at = start
        while first < len(quotes) and quotes[first][1] <= start:
            first += 1
        for k in range(first, len(quotes)):
            if quotes[k][0] >= end:
                break
            a, b = max(quotes[k][0], at), min(quotes[k][1], end)
            outside += _n_alnum(text, at, a)
            inside += _n_alnum(text, a, b)
            at = b
        outside += _n_alnum(text, at, end)
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def _n_alnum(text: str, start: int, end: int) -> int:
    return sum(c.isalnum() for c in text[start:end])


def polarity(text: str, cue: Span | None, entry: CueEntry | None, content: Sequence[Span]) -> str:
    """Return the value of `statements.polarity`: whether the text says that it was said.

    A denial is asserted (`denied`: it was made); a report that nothing was said is negated (`did not say`).
    """
    if cue is None:
        return "asserted"
    words = text[max(0, cue[0] - 24) : cue[1]]
    near = words[words.rfind(",") + 1 :] if "," in words[: -(cue[1] - cue[0]) or None] else words
    group = _without_names(text[cue[0] : cue[1]])
    before = _without_names(near[: len(near) - (cue[1] - cue[0])])
    tied = before.rstrip().endswith(("to", "not", "never")) or before.rstrip().lower().endswith(tuple(t.MODALS))
    clause = (before if tied else "") + group
    if _is_asked(text, cue):
        return "question"
    if _CONDITION.search(text[max(0, cue[0] - 30) : cue[0]]):
        return "hypothetical"
    if _NEGATED.search(clause):
        return "negated"
    if _FUTURE.search(clause):
        return "future"
    if _HYPOTHETICAL.search(clause):
        return "hypothetical"
    if entry is not None and entry.cue_class in ("ask", "wonder") and content:
        last = text[content[-1][0] : content[-1][1]].rstrip("”\"’' ")
        return (
            "question"
            if last.endswith("?") or (entry.cue_class == "ask" and entry.form == "verb" and entry.lemma != "press")
            else "asserted"
        )
    return "asserted"


def _without_names(words: str) -> str:
    """Return words without those that have a capital: a name (May, Will, Neil Never) is no modal and denies nothing."""
    return words if words.isupper() else _CAPITAL.sub(" ", words)


def _is_asked(text: str, cue: Span) -> bool:
    """Tell whether the sentence of a cue is a question of the writer's: Did she say that it was safe?"""
    start = max(0, cue[0] - _QUESTION_REACH)
    before = text[start : cue[0]]
    asked = _ASKS.search(before)
    if asked is None or _BORDER.search(before, asked.end()):
        return False
    after = text[cue[1] : cue[1] + _QUESTION_REACH]
    end = _BORDER.search(after)
    return end is not None and end.group()[0] == "?" and not any(mark in after[: end.end()] for mark in '“"”')


def attribution_method(
    text: str, source: Span | None, cue: Span | None, content: Sequence[Span], is_shared: bool, own: OwnWords
) -> str:
    """Return the value of `statements.attribution_method` for a statement whose spans a tagger found."""
    if source is None:
        return "none"
    if is_shared:
        return "elided_subject"
    surface = text[source[0] : source[1]]
    if cue is not None and text[cue[0] : cue[1]] == ":":
        return "transcript" if surface.isupper() else "colon_lead_in"
    if _follows_by(text, source, cue) and content and content[0][1] <= source[0]:
        return "passive_agent"
    if cue is not None and _RELATIVE.match(text[source[1] : min(source[1] + 12, cue[0])]):
        return "relative"
    low = surface.lower()
    if low in ("i", "we", "me", "us", "my", "our"):
        return "first_person"
    phrase = analyse_phrase(text, source, own)
    if phrase.kind == "pronoun" or low in ("his", "her", "their", "its"):
        return "pronoun"
    if phrase.kind == "metonym" or is_metonym(surface, own):
        return "metonym"
    if phrase.kind in ("role", "nominal"):
        return (
            "collective" if low.rstrip(" ,").endswith("s") and not low.startswith(("the ", "a ")) else "role_reference"
        )
    return "collective" if " and " in surface.split(",")[0] else "name"


def _follows_by(text: str, source: Span, cue: Span | None) -> bool:
    """Tell whether a source stands right behind its cue and the word `by`."""
    near = cue is not None and 0 <= source[0] - cue[1] <= 6
    return near and text[max(0, source[0] - 6) : source[0]].rstrip().endswith(" by")


def tier(
    section: str,
    depth: int,
    text: str,
    a: Attribution,
    method: str,
    entry: CueEntry | None,
    kind: str,
    judged: Judgement,
) -> str:
    """Return core for clear speech in the body; extended for headlines, nested ones, beliefs, and what is judged so.

    What a layout attributes (a speaker's label, a signature) has no words to judge.
    """
    if section != "body" or depth or _n_words(text, a.content) < _MIN_CORE:
        return "extended"
    if entry is not None and entry.cue_class in _NO_SPEECH and kind == "indirect":
        return "extended"
    return "core" if _is_layout(a, method) or judged.core >= CORE else "extended"


def confidence(a: Attribution, method: str, judged: Judgement) -> float:
    """Return the probability in [0, 1] that content and source are right."""
    return a.confidence if _is_layout(a, method) else judged.right


def _n_words(text: str, content: Sequence[Span]) -> int:
    return sum(len(text[start:end].split()) for start, end in content)


def _is_layout(a: Attribution, method: str) -> bool:
    return not a.measured and (bool(a.cue) or method == "transcript")


def is_directive(entry: CueEntry) -> bool:
    """Tell whether content that opens with `to` is a clause for a cue: a plea, a promise, a warning."""
    return entry.cue_class in _DIRECTIVE_CLASSES


def is_clausal(text: str, content: Sequence[Span], is_directive: bool) -> bool:
    """Tell whether content is a clause and not just a noun phrase.

    A clause opens with a question word, or (for a promise, a plea, a warning) with `to`; or it has a finite verb that
    belongs to no relative clause; or it opens its sentence and ends in a comma (The boat sank, a court was told).
    """
    for start, end in content:
        if text[end : end + 1] == "," and opens_sentence(text, start) and len(text[start:end].split()) >= _MIN_SENTENCE:
            return True
        spans = t.tokenize(text[start : min(end, start + 300)])
        words = [text[start + s : start + e] for s, e in spans]
        low = [w.lower().replace("’", "'") for w in words if t.is_word(w)][:_CLAUSE_REACH]
        if not low:
            continue
        if low[0] in _CORE_CLAUSE or (is_directive and "to" in low[:8]) or (low[0] == "that" and len(low) > 3):
            return True
        if low[0] != "that" and _has_finite_verb(low):
            return True
    return False


def opens_sentence(text: str, start: int) -> bool:
    """Tell whether a span begins with a capital behind a full stop or at the head of a paragraph."""
    before = text[max(0, start - 3) : start].rstrip(' “"‘')
    return text[start : start + 1].isupper() and before[-1:] in ("", "\n", ".", "!", "?", "”")


def _has_finite_verb(low: Sequence[str]) -> bool:
    for k, word in enumerate(low):
        if word in _CLAUSE_HEADS or (word in t.FINITE and k):
            return True
        if word in t.WH_WORDS or word == "that":
            return False
        after = low[k + 1] if k + 1 < len(low) else ""
        if k and word.endswith("ed") and len(word) > 4 and after and after not in t.PREPOSITIONS:
            return True
    return False


def is_written(entry: CueEntry | None, kind: str) -> bool:
    """Tell whether a quote's words were written and not spoken, as its cue or its source tells."""
    return kind == "document" or (entry is not None and entry.lemma in _SPEECH_NOUNS)


def find_setting(text: str, start: int, end: int, taken: Sequence[Span]) -> tuple[Span | None, Span | None]:
    """Return the spans of the first time expression and of the first venue in a sentence outside of the taken spans."""
    return _first_free(_TIME, text, start, end, taken), _first_free(_VENUE, text, start, end, taken)


def _first_free(pattern: re.Pattern[str], text: str, start: int, end: int, taken: Sequence[Span]) -> Span | None:
    for m in pattern.finditer(text, start, end):
        if all(m.end() <= s or m.start() >= e for s, e in taken):
            return m.span()
    return None


def addressee(text: str, cue: Span | None, content: Sequence[Span], entry: CueEntry | None) -> Span | None:
    """Return the span between a cue that takes an addressee (told) and its content, if a short phrase stands there."""
    if (
        cue is None
        or entry is None
        or entry.lemma not in ("tell", "ask", "assure", "remind", "inform", "warn", "urge", "advise", "notify", "brief")
    ):
        return None
    following = [s for s, _ in content if s >= cue[1]]
    stop = following[0] if following else min(len(text), cue[1] + 60)
    m = _ADDRESSEE.match(text, cue[1], stop)
    if not m or stop - cue[1] > 80 or m.group(1).lower() in ("that", "to", "in", "on", "about", "of"):
        return None
    return m.span(1)
