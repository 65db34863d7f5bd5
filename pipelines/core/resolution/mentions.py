"""An article's mentions, read: what each says, and where it stands.

Covers the step from the rows of the extraction to mentions with what their surroundings tell. For which of them are the
same, see `entities` and `speakers`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.core.reference import Reference
from pipelines.core.resolution.phrases import Phrase
from pipelines.core.resolution.words import PRONOUNS, names_role
from pipelines.core.text import tokens as t
from pipelines.core.text.datelines import dateline_end
from pipelines.core.text.months import WEEKDAY_WORDS
from pipelines.core.text.names import fold

Row = Mapping[str, Any]
Reader = Callable[[str, str | None], Phrase]
"""A surface and what the tagger says of the name in it -> what it says."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_HEADING_WORDS, _HEADING_SHARE = 4, 0.9
_DATELINE_LENGTH = 60
"""A sentence that begins in the dateline and is longer goes on with the news itself."""
_DATELINE_REACH, _LEAD_LENGTH = 120, 500
"""How far a dateline reaches, and what is read of a paragraph to see it, which the sentence behind it may confirm."""
_APPOSITION = re.compile(
    r"\s*,\s+((?:a|an|the|its|their|his|her|former)?\s*[^,.;:“”\"\n]{3,70}?)(?=[,.;\n]|\s+(?:said|told|who)\b)"
)
_JOINED = re.compile(r"(?:and|or|but)\b")
"""What begins words that speak of somebody else: Karl Lind, and his wife, Eva Lind."""
_BEFORE = re.compile(
    r"(?P<of>\b(?:[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Tt]he|\w+[’']s?)\s+)?(?P<role>(?:\b[a-z][\w-]*\s){0,3}\b[a-z][\w-]*)(?P<comma>,)?\s$"
)
_CLOSES = frozenset(",.;:)\n")
_BECAME = re.compile(
    r"(?:\s*,[^,.;:“”\"\n]{2,40},)?\s+(?:(?:was|is|has been|had been|were)\s+(?:[a-z]+ly\s+)?"
    r"(?:re-?elected|elected|appointed|named|chosen|sworn in)?|became|has become)\s*(?:as\s+)?"
    r"(?P<role>(?!in\b|on\b|at\b)[^,.;:“”\"\n]{3,60}?)(?=[,.;\n]|\s+(?:last|on|in|after|by|this|when|at|since)\b)"
)
"""How a sentence goes on that gives a name its office: Ana Ruiz, a lawyer, was elected as mayor of Harrow."""
_ALIAS = re.compile(r"\s*\(\s*(?:the\s+)?([A-Z][\w.&-]{1,11})\)")
"""A short name that the text gives in parentheses: Association of Harbour Masters (Ahm)."""
_BODY_OF = re.compile(
    r"\b(?:[A-Z][\w&-]+ )*(?:Office|Bank|University|Ministry|Department|Council|Association|Institute|House|Board|"
    r"Federation|Society|Union|Church|Court|Centre|Center) (?:of|for) (?:the )?$"
)
"""What a name of a body begins with, where the mention is only its end: the Office for | National Statistics."""
SAYS_IT = re.compile(r"(?:that )?(?:its\b|it (?:has|had|plans|expects|agreed|intends|acquired|sold|received|signed|"
                      r"completed|filed|raised|will|would (?:sell|buy|acquire|offer|seek|pay)))")  # fmt: skip
"""How the words of an organisation go on: Harrow Shipyards said it has sold ..."""
_OBLIQUE = re.compile(
    r"\b(?:of|in|on|at|with|by|from|to|for|against|between|after|before|into|over|about|near|like|under|during|despite|and)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""What stands before a name that is no subject."""
_TOPIC = re.compile(r"\b(?:as (?:for|to)|regarding|concerning)\s+(?:the\s+)?$", re.IGNORECASE)
_STEM, _COMPOUND, _REACH, _WORDS_BEFORE, _WORDS_AFTER = 5, 7, 90, 4, 9
_SENTENCE = re.compile(r"[.!?]['’”\"]?\s+(?=[A-Z“‘\"'])|\n")
_DESCRIBES = re.compile(r"\s*[,(]|\s+(?:is|was|of|from|for|at|who)\b")
"""How a text goes on behind a name that it describes."""
_FUNCTION = (
    t.DETERMINERS
    | t.PREPOSITIONS
    | t.CONJUNCTIONS
    | t.ADVERBS
    | t.AUXILIARIES
    | t.NEGATIONS
    | t.PRONOUNS
    | WEEKDAY_WORDS
)


@dataclass(slots=True)
class Mention:
    """One mention, read.

    Attributes:
        phrase: what its surface says.
        name_kind: what the tagger says of the name in it.
        is_speaker: it is the source of a statement. is_relative: and a "who" follows it there.
        is_subject: the first name of its sentence that no preposition stands before.
        is_initial: it opens its sentence, so that its capital may be no name's.
        in_heading: all words of its sentence have capitals, so that they tell no name.
        quote: number of the quotation that it stands in, or -1.
        says_it: its words go on with "it" or "its", as those of an organisation do.
        role: the role that stands after it, between commas or behind "was elected".
        alias: the short name in parentheses after it.
        before: up to 30 characters before it.
        is_metonym: it is a place that stands for a government.
        beside: stems of the words that describe it, before it and between commas after it.
        around: stems of the other words of its sentence that stand near.
    """

    mention_id: str
    start: int
    end: int
    surface: str
    sentence_no: int
    phrase: Phrase
    paragraph_no: int = 0
    name_kind: str | None = None
    is_speaker: bool = False
    is_relative: bool = False
    is_subject: bool = False
    is_initial: bool = False
    in_heading: bool = False
    quote: int = -1
    says_it: bool = False
    role: str | None = None
    alias: str | None = None
    before: str = ""
    is_metonym: bool = False
    beside: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()


def read_mentions(
    text: str, mentions: Sequence[Row], sentences: Sequence[Row], statements: Sequence[Row], quotes: Sequence[Row],
    reference: Reference, read: Reader,
) -> list[Mention]:  # fmt: skip
    """Return the mentions in text order (longer first); those of a dateline are left out."""
    by_no = {s["sentence_no"]: s for s in sentences}
    headings, lower = _capitals(text, sentences)
    names = {r["surface"] for r in mentions}
    says_it = {s["speaker_mention_id"] for s in statements if SAYS_IT.match(s["content_text"])}
    speakers = {s["speaker_mention_id"] for s in statements}
    relatives = {s["speaker_mention_id"] for s in statements if s["attribution_method"] == "relative"}
    marks = sorted((q["inner_start"], q["inner_end"]) for q in quotes)
    rows = sorted(mentions, key=lambda r: (r["char_start"], -r["char_end"]))
    out: list[Mention] = []
    subjects: set[int] = set()
    for i, row in enumerate(rows):
        no, start, end, mention_id = row["sentence_no"], row["char_start"], row["char_end"], row["mention_id"]
        speaks = mention_id in speakers
        sentence = by_no.get(no)
        if not speaks and sentence is not None and _in_dateline(text, sentence, end):
            continue
        initial = sentence is not None and not any(c.isalnum() for c in text[sentence["char_start"] : start])
        surface = row["surface"] if no in headings else _whole(text, rows, i, speaks=speaks)
        kind = row.get("name_kind") or next(
            (
                r.get("name_kind")
                for r in rows[i + 1 : i + 4]
                if r["char_end"] <= end and r.get("name_kind") == "person"
            ),
            None,
        )
        if initial and no not in headings:
            surface = _without_opener(surface, lower, names, reference, kind)
        if kind == "place" and _is_called_body(text, start, reference):
            kind = "organization"
        phrase = _read(surface, kind, speaks, read)
        at = bisect_right(marks, (start, len(text))) - 1
        m = Mention(
            mention_id, start, end, row["surface"], no, phrase, sentence["paragraph_no"] if sentence else 0, kind,
            speaks, mention_id in relatives, False, initial, no in headings,
            at if at >= 0 and start < marks[at][1] else -1,
            mention_id in says_it, before=text[max(0, start - 30) : start], is_metonym=row["mention_kind"] == "metonym",
        )  # fmt: skip
        if m.quote < 0 and phrase.shape != "nobody" and no not in subjects and (
            not _OBLIQUE.search(m.before) or _TOPIC.search(m.before)
        ):  # fmt: skip
            m.is_subject = True
            subjects.add(no)
        if phrase.shape in ("name", "known") and " " in phrase.name:
            m.role = _role_after(text, end, reference) or _role_before(text, start, end, reference)
            m.alias = alias[1] if (alias := _ALIAS.match(text, end)) else None
        if phrase.shape != "pronoun":
            m.beside, m.around = _company(text, start, end)
        out.append(m)
    return out


def stem(word: str) -> str:
    """Return what words of one stem mostly share: company, companies; produces, production."""
    return word.removesuffix("s")[:_STEM]


def _company(text: str, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of the words that describe what stands at a span, and of all near it in its sentence."""
    before = _SENTENCE.split(text[max(0, start - _REACH) : start])[-1]
    after = _SENTENCE.split(text[end : end + _REACH], maxsplit=1)[0]
    tail = re.split(r"[,;:(“”\"]", before.rstrip(" ,"))[-1]
    beside = " ".join(tail.split()[-_WORDS_BEFORE:])
    if _DESCRIBES.match(after):
        beside += " " + " ".join(after.split()[:_WORDS_AFTER])
    return _stems(beside), _stems(before + " " + after)


def _stems(words: str) -> frozenset[str]:
    told = [w for w in fold(words).split() if len(w) > 2 and w not in _FUNCTION]
    return frozenset([*map(stem, told), *(w[-_STEM:] for w in told if len(w) > _COMPOUND)])  # newspaper: paper


def _is_called_body(text: str, start: int, reference: Reference) -> bool:
    """Tell whether the word before a name says that it is a body: the football club Borussia Dortmund."""
    before = text[max(0, start - 30) : start].split()
    return bool(before) and before[-1].islower() and reference.kind_words.get(before[-1]) == "org"


def _read(surface: str, kind: str | None, speaks: bool, read: Reader) -> Phrase:
    """Read a surface; one in capitals throughout is read as if it had them at the begin of its words only."""
    if surface.isupper() and len(surface.split()) > 1:
        surface = " ".join(w.lower() if w.casefold() in _FUNCTION else w.title() for w in surface.split())
    phrase = read(surface, kind)
    if phrase.shape == "name" and kind == "place" and not speaks and not phrase.is_told and phrase.known is None:
        return replace(phrase, shape="place")
    return phrase


def _capitals(text: str, sentences: Sequence[Row]) -> tuple[frozenset[int], frozenset[str]]:
    """Return the sentences in which all words but small ones have capitals, and the words that stand without one."""
    headings: set[int] = set()
    lower: set[str] = set()
    for row in sentences:
        words = _WORD.findall(text, row["char_start"], row["char_end"])
        big = [w for w in words if w.casefold() not in _FUNCTION]
        shouted = all(w.isupper() for w in words)
        if (
            len(big) >= _HEADING_WORDS
            and sum(w[:1].isupper() for w in big) >= _HEADING_SHARE * len(big)
            and not shouted
        ):
            headings.add(row["sentence_no"])
        else:
            lower.update(w for w in words if w.islower())
    return frozenset(headings), frozenset(lower)


def _without_opener(
    surface: str, lower: frozenset[str], names: set[str], reference: Reference, kind: str | None
) -> str:
    """Return a surface that opens a sentence without a first word that is no part of its name: See Lind, Asked."""
    words = surface.split()
    first = words[0].casefold() if words else ""
    if not words or not words[0][:1].isupper() or first in PRONOUNS | {"the", "a", "an"} or reference.find(surface):
        return surface
    if fold(first) in reference.honorifics or fold(first) in reference.roles or reference.find(words[0]):
        return surface
    is_common = first in _FUNCTION or (first in lower and fold(first) not in reference.given_names)
    if len(words) == 1:
        return (
            ""
            if (is_common and first in _FUNCTION) or (is_common and kind is None and not _is_noun(first, reference))
            else surface
        )
    if words[1][:1].islower() and is_common and words[0].isalpha():
        return surface[:1].lower() + surface[1:]
    rest = " ".join(words[1:])
    if first in t.AUXILIARIES | WEEKDAY_WORDS and first in reference.first_names:  # Will Carr, Sunday Okoro
        return surface
    drops = first in _FUNCTION or (is_common and any(n == rest or n.endswith(f" {rest}") for n in names - {surface}))
    return rest if drops and words[1][:1].isupper() and not _is_noun(first, reference) else surface


def _is_noun(word: str, reference: Reference) -> bool:
    return any(w in reference.kind_words or w in reference.roles for w in (word, word.removesuffix("s")))


def _whole(text: str, rows: Sequence[Row], i: int, *, speaks: bool) -> str:
    """Return the surface of a source with the words of its name left out: Theresa | May, Secretary of | State."""
    start, end = rows[i]["char_start"], rows[i]["char_end"]
    around = rows[max(0, i - 3) : i + 4]
    if speaks and rows[i]["surface"][:1].isupper():
        end = max(
            (r["char_end"] for r in around if r["char_start"] < end < r["char_end"] and not _crosses(text, end, r)),
            default=end,
        )
    before = _BODY_OF.search(text[max(0, start - 50) : start]) or re.search(
        r"\b(?:[Ss]ecretary|[Mm]inister|[Aa]ttorney|[Dd]epartment|[Mm]inistry) of $", text[max(0, start - 30) : start]
    )
    return text[start - len(before.group()) if before and rows[i]["surface"][:1].isupper() else start : end]


def _crosses(text: str, end: int, row: Row) -> bool:
    return not all(w[:1].isupper() for w in text[end : row["char_end"]].split()) or text[end : end + 1] in ",.;:"


def _in_dateline(text: str, sentence: Row, end: int) -> bool:
    start = sentence["char_start"]
    if sentence["section"] == "dateline" and sentence["char_end"] - start <= _DATELINE_LENGTH:
        return True
    line = text.rfind("\n", 0, start) + 1
    return any(
        end <= at + _DATELINE_REACH and end <= at + dateline_end(text[at : at + _LEAD_LENGTH].partition("\n")[0])
        for at in (line, start)
    )


def _role_before(text: str, start: int, end: int, reference: Reference) -> str | None:
    """Return the role that stands before a name: "his mother, Renita Ruiz,", "landlady Joy Lind"."""
    match = _BEFORE.search(text, max(0, start - 70), start)
    if match is None or (match["comma"] and not (match["of"] and text[end : end + 1] in _CLOSES)):
        return None
    words = match["role"].split()
    words = words[max((i + 1 for i, w in enumerate(words) if w in _FUNCTION), default=0) :]
    return next((" ".join(words[i:]) for i in range(len(words)) if names_role(" ".join(words[i:]), reference)), None)


def _role_after(text: str, end: int, reference: Reference) -> str | None:
    """Return the role that stands after a name: "William Evans, president of the guild,", "Ruiz was elected mayor"."""
    found = []
    for pattern, group in ((_APPOSITION, 1), (_BECAME, "role")):
        match = pattern.match(text, end, end + 130)
        words = str(match[group]).strip() if match else ""
        if words and not words[:1].isdigit() and not _JOINED.match(words) and names_role(words, reference):
            found.append(words)
    return ", ".join(found) or None
