"""What one surface tells: a name with its role, a description of somebody, a pronoun, nobody.

Covers reading a noun phrase on its own, with the reference data. For anything that needs a second mention, see
`entities` and `speakers`.

A phrase is read by its head, the last word before a preposition, a participle or a clause. A head with a capital ends a
name, of which role words and titles are cut off: "Danish Transport Ministry spokesperson Jane Roe" is Jane Roe. Any
other head describes: "the lock keeper"; a name between commas behind it is whom it describes.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.core.reference import Reference
from pipelines.core.resolution.descriptions import SEVERAL, description, goes_on
from pipelines.core.resolution.titles import titles_before
from pipelines.core.resolution.words import (
    EDGES,
    HE,
    PRONOUNS,
    SHE,
    TIES,
    Phrase,
    cleaned,
    country_of,
    gender_of,
    has_first_name,
    head_span,
    names_role,
    role_ending_at,
    role_lemmas,
    untrailed,
)
from pipelines.core.text.months import MONTH_WORDS, WEEKDAY_WORDS
from pipelines.core.text.names import (
    PARTICLES,
    POSTNOMINALS,
    SUFFIXES,
    cut_possessive,
    fold,
    is_acronym,
    is_capitalised,
    is_name_like,
    tokens,
    word_set,
)
from pipelines.core.text.tokens import DETERMINERS

_SOME = word_set("some many others most several few these those")
"""Words for several people who are described no further."""
_CLAUSE = re.compile(r"(?:\s+(?:-|–|—|--))?,?\s+(?:who|which|whose|whom)\b[^,]*")
_COMMA = re.compile(r"\s*,(?!\d{3})\s*|\s+(?:-|–|—|--)\s+")
_SHARE = re.compile(
    r"(?:(?:just|only|about|nearly|almost|roughly|over|under|more than|some|fully|a full) )*"
    r"(?:{n} of (?:the|them|these|those|all|its|his|her|their|our)\b|[\w.-]+ ?(?:percent|per cent|%)"
    r"|(?:[\w-]+-quarters?|half|a (?:third|quarter|majority|number|lot|handful|couple)|two.thirds) of\b"
    r"|{n} (?:in|out of) (?:every )?{n}\b)".replace(
        "{n}", r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|none|some|many|most|several|all|each)"
    ),
    re.IGNORECASE,
)
_SIDE = re.compile(r"(?:pro|anti|non|ex|pre|post)-\S+", re.IGNORECASE)
_GIVEN = re.compile(
    r"\b(?:named|called|(?:identified|name|known)(?: himself| herself)?(?: only)? as|by the name(?: of)?)\s+"
    r"[\"“‘']?(?:[Tt]he )?"
    r"(@?[A-Z][\w.’'-]*(?: [A-Z][\w’'-]*)*)"
)
_IN_PARENTHESES = re.compile(r"([^()]+?)\s*\(([^()]+)\)")
_AGED = re.compile(r"\b\d+-year-old\b")
_AND = re.compile(r",\s+(?:and\s+)?|\s+and\s+(?:fellow\s+)?")
_FIRM = re.compile(r"(?:[Tt]he )?(?:[a-z]\S* )*([A-Z][\w’'-]*(?:,? [A-Z][\w’'-]*)* & [A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)")
"""Names with this sign are those of firms: Rose & Lind."""


def read_phrase(surface: str, reference: Reference, kind: str | None = None) -> Phrase:
    """Return what a surface tells on its own. Any text is accepted.

    Args:
        surface: the words.
        reference: role words, titles, kinds, curated actors.
        kind: what the tagger says of the name in it (person, organization, place, group), if it says anything.
    """
    text = cleaned(surface, reference)
    if not text or _names_nobody(text, reference):
        return Phrase("nobody", text or surface)
    if text.split()[0].casefold() in ("nobody", "none", "neither", "either") or text[:6].casefold() == "no one":
        return Phrase("nobody", text)
    if text.casefold() in _SOME:
        return Phrase("group", text.lower(), None, frozenset({text.casefold()}), "group")
    word = text.split(",")[0].casefold()
    if word in PRONOUNS and (word != text.casefold() or not (len(text) > 1 and text.isupper())):
        return Phrase("pronoun", word, gender="m" if word in HE else "f" if word in SHE else None)
    if _SHARE.match(text) and not re.search(r", (?:the )?[A-Z]", text):
        return Phrase("group", text, lemmas=frozenset({fold(text.split()[-1])}), actor_type="group")
    return (
        _known(text, reference)
        or _joint(text, reference)
        or _called(surface, reference)
        or _read(text, reference, kind)
    )


def _called(surface: str, reference: Reference) -> Phrase | None:
    """Read "a woman who asked to be named only as Dee" and "THE CLERK (Mr Emil Roe)": a description, then its name."""
    given, inside = _GIVEN.search(surface), _IN_PARENTHESES.fullmatch(surface)
    if inside and names_role(inside[1], reference):
        name = _read(cleaned(inside[2], reference), reference, "person")
        return _with_role(name, inside[1], reference) if name.shape == "name" and " " in name.name else None
    if (
        given
        and surface[:1].casefold() in "aotsf"
        and not is_capitalised(surface.split()[min(1, len(surface.split()) - 1)])
    ):
        before = surface[: given.start()].split(",", maxsplit=1)[0]
        named = Phrase("name", given[1])
        told = description(tokens(before), *head_span(tokens(before)), reference) if tokens(before) else named
        return _described(named, before, told, reference)
    return None


def _names_nobody(text: str, reference: Reference) -> bool:
    """Tell whether a text is a side, a number, a letter, a day, a place that is no actor, or a title without a name."""
    first = text.split(",", maxsplit=1)[0]
    low = fold(first)
    honorific = reference.honorifics.get(first.rstrip(".").casefold())
    title = honorific is not None and not honorific.keeps and low not in reference.roles
    number = first.replace(",", "").replace(".", "").isdigit()
    letter = len(first.strip(".")) == 1 and first not in "Ii"
    day = low in WEEKDAY_WORDS | MONTH_WORDS and low not in ("may", "june", "april", "august")
    return bool(_SIDE.fullmatch(text)) or title or number or letter or day or low in reference.places or low == "the"


# ---------------------------------------------------------------- known and joint names
def _known(text: str, reference: Reference) -> Phrase | None:
    bare = re.sub(r"^the\s+", "", text, flags=re.IGNORECASE)
    metonym = reference.metonyms.get(fold(text)) if is_capitalised(bare) else None
    if metonym is not None:
        actor, shape = metonym.actor, "place" if metonym.when_speaking else "metonym"
        return Phrase(shape, actor.name, actor_type=actor.actor_type, country_code=actor.country_code, known=actor)
    known = reference.find(text)
    if known is not None and any(c.isupper() for c in text):
        name = text if known.actor_type == "person" else known.name
        return Phrase("known", name, actor_type=known.actor_type, country_code=known.country_code, known=known)
    for form in (bare, bare.removesuffix("s")):
        code = reference.demonyms.get(fold(form)) if form[:1].isupper() else None
        if code is None:
            continue
        if bare != text and form == bare and not form.endswith(("ish", "ese", "ch", "ss", "s")):  # the Finn
            return Phrase("role", bare, bare, frozenset({fold(bare)}), "role", None, code)
        country = reference.countries.get(code)
        return Phrase("demonym", country.name if country else form, actor_type="country", country_code=code,
                      known=country)  # fmt: skip
    return None


def _joint(text: str, reference: Reference) -> Phrase | None:
    """Read "France and Germany" and "Sens. Kit Moss and Bo Reyes"; not "Ministry of Health and Welfare"."""
    if " and " not in text or " & " in text:
        return None
    text = re.split(r", (?:an?|both|the|two|all)\b", text)[0]
    parts = [re.sub("^[Tt]he ", "", p) for p in (part.strip() for part in _AND.split(text)) if p]
    if not 2 <= len(parts) <= 5 or fold(parts[0]) == fold(parts[1]):
        return None
    if any(re.match(r"(?:of|for|from|at|in|with) ", p) for p in parts):  # Kit Moss, from the Public and Civil Union
        return None
    parts = _with_shared(parts, reference)
    read = [_known(p, reference) or _read(p, reference, None) for p in parts]
    if all(p.shape == "group" for p in read):
        return Phrase("group", text, None, read[-1].lemmas, "group")
    if any(p.shape not in _PARTS for p in read):
        return None
    if any((p.shape in ("group", "org") and not p.name[:1].isupper()) or p.name.casefold() in PRONOUNS for p in read):
        return None
    # A capital after "the" is part of a longer name: the Public and Commercial Services Union.
    is_begin = read[0].shape == "group" and text[:4] == "the " and text[4].isupper()
    is_body = read[0].actor_type in ("org", "group") and " " not in read[0].name and not is_begin
    if not is_body and any(len(p.split()) == 1 and fold(p) in reference.kind_words for p in parts[1:]):
        return None
    if read[-1].shape == "group" and len(parts) == 2 and " " not in parts[0] and " " in parts[1]:
        return None  # Roe and Lind supporters
    unknown = read[-1].known is None and read[0].known is None
    if read[-1].actor_type == "org" and unknown and not is_body and " " not in read[0].name:
        return None
    if (
        re.search(r" (?:of|for|on) ", parts[0])
        and read[0].actor_type == "org"
        and not (read[-1].known or read[-1].is_told)
    ):
        return None
    bare = [
        p
        for p in read
        if " " not in p.name and not (p.known or p.is_told or p.actor_type == "org") and p.shape == "name"
    ]
    told = any(p.is_told for p in read)
    if (
        bare
        and not told
        and not (all(is_name_like(tokens(p)) for p in parts) and all(len(p.split()) <= 3 for p in parts))
    ):
        return None
    return Phrase("joint", text, actor_type="group", parts=tuple(parts), is_told=told or not bare)


_PARTS = frozenset({"name", "known", "metonym", "place", "group", "org"})
"""Shapes of those who may speak together."""


def _with_shared(parts: list[str], reference: Reference) -> list[str]:
    """Return Jane Roe and John Roe for "Jane and John Roe", Sen. Moss for what "Sens." stands before."""
    first = parts[0].split()
    title = first[0].rstrip(".").removesuffix("s")
    if len(first) > 1 and first[0].rstrip(".").endswith("s") and (
        fold(title) in reference.honorifics or fold(title) in reference.roles
    ):  # fmt: skip
        return [f"{title} {' '.join(first[1:])}", *(f"{title} {p}" for p in parts[1:])]
    last = parts[-1].split()
    if len(parts) == 2 and len(last) == 2 and len(first) == 1 and fold(first[0]) in reference.given_names:
        return [f"{parts[0]} {last[1]}", parts[1]]
    return parts


# ---------------------------------------------------------------- by the head
def _read(text: str, reference: Reference, kind: str | None) -> Phrase:
    """Read a phrase by its head; of a description, the name between commas that it describes."""
    text = _CLAUSE.sub("", text).strip(EDGES) or text
    segments = [" ".join(untrailed(s.split(), reference)) for s in _COMMA.split(text) if s]
    while len(segments) > 1 and fold(segments[1]) in SUFFIXES:
        segments[0:2] = [f"{segments[0]} {segments[1]}"]
    if not segments:
        return Phrase("nobody", text)
    if text[:7].casefold() == "one of " and len(segments) > 1:
        segments = segments[1:]
    first = _segment(segments[0], reference, kind, len(segments) == 1)
    if kind == "person" and len(segments) > 1 and first.actor_type != "person" and (
        role_ending_at(tokens(segments[0]), reference)
    ):  # fmt: skip
        second = _segment(segments[1], reference, kind, False)
        if second.shape == "name":
            return _with_role(second, segments[0], reference)
    is_one = first.shape == "group" and text[:4].casefold() == "one "
    if (first.shape in ("role", "org", "document") or is_one) and len(segments) > 1:
        second = _known(segments[1], reference) or _segment(segments[1], reference, kind, False)
        is_whole = (
            not (first.indefinite or is_one)
            or " " in second.name
            or second.is_told
            or first.lemmas & reference.role_lemmas
        )
        if second.shape in ("name", "known") and is_whole and not re.match("an? ", segments[1], re.IGNORECASE):
            return _described(second, segments[0], first, reference)
    if first.shape == "name" and first.role_surface is None and len(segments) > 1:
        after = ", ".join(segments[1:])
        known = reference.find(first.name)
        is_body = known is not None and known.actor_type != "person"
        if names_role(after, reference) and first.actor_type in ("person", "unknown") and not is_body:
            return _with_role(first, after, reference)
    return first


def _described(name: Phrase, words: str, told: Phrase, reference: Reference) -> Phrase:
    """Return a name with what is said of it before a comma."""
    if told.shape in ("org", "document") or name.actor_type in ("org", "country"):
        kind = name.actor_type if name.actor_type != "unknown" else "org"
        return replace(name, actor_type=kind, lemmas=name.lemmas | told.lemmas)
    return _with_role(name, words, reference)


def _segment(segment: str, reference: Reference, kind: str | None, alone: bool) -> Phrase:
    """Read what stands between commas."""
    words = tokens(segment)
    if not words:
        return Phrase("nobody", segment)
    start, stop = head_span(words)
    if start == 0 and words[0].casefold() in SEVERAL:
        return Phrase("group", segment, None, frozenset({fold(words[-1])}), "group")
    if start == len(words):
        return Phrase("group" if fold(words[-1]) in SEVERAL else "nobody", segment, actor_type="group")
    if firm := _FIRM.fullmatch(segment):
        return Phrase(
            "name",
            firm.group(),
            actor_type="org",
            lemmas=frozenset(fold(w) for w in words[start : start + 1] if w.islower()),
        )
    head = words[start:stop]
    if person := _name_behind_role(words, start, stop, reference):
        return person
    if behind := _name_behind_field(words, start, stop, reference, kind if alone else None):
        return behind
    if start and {w.casefold() for w in words[:start]} & SEVERAL and not is_capitalised(head[-1]):
        return description(words, start, stop, reference)
    ties = stop < len(words) and words[stop] in TIES and goes_on(words, stop) and is_capitalised(head[-1])
    common = len(head) == 1 and not ties and kind != "person" and _is_common(head[0], reference)
    kinds = {reference.kind_words.get(fold(head[-1])), reference.kind_words.get(fold(head[-1]).removesuffix("s"))}
    common = common or (
        "document" in kinds
        and kind != "person"
        and len(head) > 1
        and not has_first_name(head, reference)
        and not any(w.endswith(("'s", "s'")) and has_first_name(head[i + 1 :], reference) for i, w in enumerate(head))
    )
    aged = bool(_AGED.search(segment)) and segment[:4].casefold() == "the "
    if not is_capitalised(head[-1]) or common or aged or _is_bare_role(head, reference):
        return description(words, start, stop, reference)
    return _name(words, start, stop, reference, kind)


def _is_common(word: str, reference: Reference) -> bool:
    """Tell whether a word with a capital is a common noun that opens a sentence: Police, Economists, MPs."""
    low = fold(word)
    return not is_acronym(word) and (
        (low in reference.kind_words and low not in reference.capital_kind_words)
        or (word.endswith(("s", "men")) and fold(word.removesuffix("s").replace("men", "man")) in reference.roles)
    )


_OFFICES = frozenset({"head_of_state", "head_of_government", "minister", "legislator", "judge", "official", "igo"})
"""Classes of roles that a title may stand before: Mr President; a Mr Baker has a name."""


def _is_bare_role(head: list[str], reference: Reference) -> bool:
    """Tell whether a head with capitals is a role and no name: Prime Minister, Mr Chairman, City Director."""
    n = role_ending_at(head, reference)
    if not n or has_first_name(head, reference) or (n == 1 and _is_surname(head, reference)):
        return False
    if fold(head[0]) in reference.honorifics and len(head) > n:
        role = reference.roles[" ".join(fold(w) for w in head[-n:])]
        return (
            (role.role_class in _OFFICES or role.lemma == "chairperson" or fold(head[-1]).startswith("chair"))
            and fold(head[-1]) not in reference.honorifics
        ) or n > 1
    return not (reference.kind_words.get(fold(head[-1])) == "org" and len(head) > 1)


def _is_surname(head: list[str], reference: Reference) -> bool:
    """Tell whether the last of two words is a surname that is a role word too: Annie Farmer; not London Mayor."""
    first = fold(head[0])
    is_place = first in reference.places or first in reference.metonyms or reference.find(head[0]) is not None
    return (
        len(head) == 2
        and head[1][:1].isupper()
        and bool(reference.first_names.get(first))
        and first not in reference.roles
        and not is_place
    )


def _name_behind_field(
    words: list[str], start: int, stop: int, reference: Reference, kind: str | None
) -> Phrase | None:
    """Read "Governor of Arkansas Jane Roe" and "Minister for Women and Equality Jane Roe": a field, then the name."""
    ties = ("of", "for", "to", "in")
    if stop >= len(words) or words[stop] not in ties or not role_ending_at(words[start:stop], reference):
        return None
    field = words[stop + 1 :]
    at = next(
        (i for i in range(1, len(field) - 1) if fold(field[i]) in reference.first_names and field[i][:1].isupper()),
        None,
    )
    if at is None and kind == "person" and len(field) >= 3 and is_name_like(field[-3:]):
        at = len(field) - 2
    role = reference.roles.get(fold(words[stop - 1]))
    if _is_field(field, reference) and not (role and role.gender):
        at = next(i for i, w in enumerate(field) if w[:1].isupper())
    elif at is not None and not is_capitalised(field[at - 1]):
        at = None
    if at is None or not is_name_like(field[at:]) or len(field) - at > 3:
        return None
    return _with_role(Phrase("name", " ".join(field[at:])), " ".join(words[: stop + 1 + at]), reference)


def _is_field(words: list[str], reference: Reference) -> bool:
    """Tell whether words are a field and a name: rugby Nigel Roe, emergency medicine Ana Roe; not: victim Ana Roe."""
    at = next((i for i, w in enumerate(words) if w[:1].isupper()), 0)
    name = words[at:]
    return (
        1 <= at <= 2
        and len(name) in (2, 3)
        and fold(name[0]) in reference.first_names
        and not any(names_role(w, reference) or w in DETERMINERS or w.endswith("ed") for w in words[:at])
    )


def _name_behind_role(words: list[str], start: int, stop: int, reference: Reference) -> Phrase | None:
    """Read "Bank of Lund chief economist Jane Roe": the head is a body, and a role and a name follow it."""
    if stop >= len(words) or not is_capitalised(words[stop - 1]) or role_ending_at(words[start:stop], reference):
        return None
    for at in range(len(words) - 1, stop + 1, -1):
        if words[at - 1].islower() and role_ending_at(words[:at], reference) and is_name_like(words[at:]):
            return _with_role(Phrase("name", cut_possessive(" ".join(words[at:]))), " ".join(words[:at]), reference)
    return None


def _name(words: list[str], start: int, stop: int, reference: Reference, kind: str | None) -> Phrase:
    """Read a name at the end of a head, with the role words, titles and nouns before it."""
    head = words[start:stop]
    at = len(head) - 1
    while at and (
        is_capitalised(head[at - 1])
        or (
            head[at - 1] in ("and", "&")
            and at > 1
            and (is_capitalised(head[at - 2]) and reference.kind_words.get(fold(head[-1])) == "org")
        )
        or (fold(head[at - 1]) in PARTICLES | {"&"} and at > 1 and is_capitalised(head[at - 2]))
    ):
        at -= 1
    at += next((i + 1 for i, w in enumerate(head[at:-1]) if "-" in w and w.rpartition("-")[2][:1].islower()), 0)
    run, before = head[at:], head[:at]
    owned = next((i for i in range(len(run) - 1, 0, -1) if run[i - 1].endswith(("'s", "s'"))), 0)
    titled_run = titles_before(run, reference)
    is_org = reference.kind_words.get(fold(run[-1])) in ("org", "document", "group") and not (
        (titled_run and has_first_name(run[titled_run:], reference))
        or has_first_name(run[owned:], reference)
        or (len(run) > 1 and fold(run[-2]) in reference.honorifics)
    )
    cut = 0 if is_org and kind != "person" else titled_run
    owned = next((i for i in range(len(run) - 1, cut, -1) if run[i - 1].endswith(("'s", "s'"))), 0)
    if owned and (kind == "person" or fold(run[owned]) in reference.given_names) and not is_org:
        cut = max(cut, owned)
    name, role = run[cut:], [*before, *run[:cut]]
    titled = (bool(cut) and not owned) or (bool(before) and bool(role_ending_at(before, reference)))
    first_name = has_first_name(name, reference)
    if (is_org and not titled) or not (titled or first_name or kind == "person"):
        while stop + 1 < len(words) and words[stop] in TIES and goes_on(words, stop):
            more = next((i for i in range(stop + 1, len(words)) if is_capitalised(words[i])), stop + 1)
            end = more + 1
            while end < len(words) and is_capitalised(words[end]):
                end += 1
            name, stop = [*name, *words[stop:end]], end
    elif (
        titled
        and len(name) == 1
        and words[stop : stop + 1] == ["of"]
        and fold(words[start]) in ("lord", "lady", "baroness")
    ):
        name = [*words[start:stop], *words[stop : stop + 2]]
    while len(name) > 2 and name[-1] in POSTNOMINALS and (first_name or titled or kind == "person"):
        name = name[:-1]  # Ana Roe KC
    text = cut_possessive(" ".join(name).strip(EDGES))
    honorific = reference.honorifics.get(fold(run[cut - 1])) if cut else None
    if honorific is not None and honorific.keeps and len(name) == 1:
        text = f"{run[cut - 1]} {text}"
    if titled:
        return _with_role(Phrase("name", text), " ".join(role), reference)
    noun = reference.kind_words.get(fold(before[-1])) if before else None
    actor_type = "person" if first_name or kind == "person" else "unknown"
    actor_type = "org" if is_org or noun in ("org", "document") else actor_type
    country = country_of(text, reference) if actor_type == "org" else None
    lemmas = frozenset({fold(before[-1])}) if before and not before[-1][:1].isupper() else frozenset()
    if before and actor_type != "org" and len(name) > 1 and before[-1].islower():
        return _with_role(Phrase("name", text), " ".join(role), reference)
    return Phrase("name", text, None, lemmas, actor_type, None, country, is_told=first_name)


def _with_role(phrase: Phrase, role: str, reference: Reference) -> Phrase:
    """Return a person's name with the role words beside it."""
    role = re.sub(r"^(?:the|a|an)\s+", "", role.strip(EDGES), flags=re.IGNORECASE)
    words = tokens(phrase.name)
    cut = titles_before(words, reference) if len(words) > 1 else 0
    kept = reference.honorifics.get(fold(words[cut - 1])) if cut and cut == len(words) - 1 else None
    cut -= bool(kept and kept.keeps)  # King Olav
    phrase = replace(phrase, name=phrase.name.split(" ", cut)[-1]) if cut else phrase
    known = phrase.known or reference.find(phrase.name)
    known = known if known is not None and known.actor_type == "person" else None
    titles = {fold(w) for w in tokens(role)} <= reference.honorifics.keys()
    stop = head_span(tokens(role))[1] if tokens(role) else 0
    noun = tokens(role)[stop - 1] if stop else ""
    return Phrase(
        "name", phrase.name, None if titles or not role else role,
        role_lemmas(role, reference) or (frozenset({fold(noun)}) if noun[:1].islower() else frozenset()),
        "person", gender_of(role, reference), country_of(role, reference), known, is_told=True,
    )  # fmt: skip


__all__ = ["Phrase", "read_phrase"]
