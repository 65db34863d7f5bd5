"""Reference data: curated actors, countries, metonyms and word lists, parsed from our own CSV files.

Covers the parsed form of `pipelines/reference/*.csv` and look-ups by folded surface. For any rule about a particular
article, see `article`. It does not cover reading from disk (the caller passes the texts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipelines.contracts.columns import ACTOR_TYPES, ROLE_CLASSES
from pipelines.core.ids import sha256_hex
from pipelines.core.text.csv_rows import csv_rows
from pipelines.core.text.names import cut_possessive, fold, without_middle_initials

_QID = re.compile(r"(?:Q[1-9][0-9]*)?$")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_BODY = re.compile(r"(?:EU|UN|NATO)$")
"""Bodies of states that have offices too."""
_SMALL = frozenset({"of", "the", "for", "and"})
_COUNTRY = re.compile(r"(?:[A-Z]{3})?$")
_FILES: dict[str, tuple[str, ...]] = {
    "actors.csv": ("actor_type", "name", "country_code", "wikidata_qid", "aliases", "gender"),
    "countries.csv": ("code", "name", "wikidata_qid", "demonyms", "capital", "aliases"),
    "metonyms.csv": ("metonym", "actor_type", "name", "country_code", "reads_as_actor"),
    "role_words.csv": ("word", "role_class", "lemma", "gender"),
    "honorifics.csv": ("honorific", "gender", "keeps_with_name"),
    "nicknames.csv": ("nickname", "name"),
    "given_names.csv": ("given_name",),
    "first_names.csv": ("given_name", "gender"),
    "places.csv": ("place",),
    "kind_words.csv": ("word", "actor_type", "needs_capital"),
    "known_roles.csv": ("name", "role", "valid_from", "valid_to"),
    "offices.csv": ("country", "office", "holder", "aliases", "from", "to"),
}


OWN = "reference/"
"""What the names of a user's files begin with in messages: the folder that they lie in."""
_KEYS = {
    "actors.csv": ("actor_type", "name"), "countries.csv": ("code",), "metonyms.csv": ("metonym",),
    "role_words.csv": ("word",), "honorifics.csv": ("honorific",), "kind_words.csv": ("word",),
    "nicknames.csv": ("nickname",), "first_names.csv": ("given_name",), "offices.csv": ("country", "office", "from"),
}  # fmt: skip
"""Columns by which a user's row takes the place of one of ours."""


@dataclass(frozen=True, slots=True)
class KnownActor:
    """An actor of the reference data: a curated person or organisation, a country, or what a metonym stands for."""

    actor_type: str
    name: str
    name_norm: str
    country_code: str | None
    qid: str | None
    aliases: tuple[str, ...] = ()
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Metonym:
    """What a place name stands for; `when_speaking`: only where it is the source of a statement."""

    actor: KnownActor
    when_speaking: bool


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A role noun: its class (see `ROLE_CLASSES`), the form it is compared by, and the gender that it tells, if any."""

    role_class: str
    lemma: str
    gender: str | None


@dataclass(frozen=True, slots=True)
class Honorific:
    """A title before a name. `keeps`: it is part of the name when one word follows (Pope Francis)."""

    gender: str | None
    keeps: bool


@dataclass(frozen=True, slots=True)
class KnownRole:
    """An office that somebody has had: folded words, its days (None: not over, or not known), its country, if told."""

    title: str
    words: frozenset[str]
    valid_from: date | None
    valid_to: date | None
    country_code: str | None = None
    holder: str = ""

    def is_held_on(self, day: date, *, former: bool) -> bool:
        """Tell whether it was held on a day, or had been before it."""
        begun = self.valid_from is None or self.valid_from <= day
        over = self.valid_to is not None and self.valid_to < day
        return begun and over == former


@dataclass(frozen=True)
class Reference:
    """All reference data. Keys are folded surfaces (`names.fold`).

    Attributes:
        sha256: hash of the files that it was parsed from; part of `resolution_id`.
        actors: the curated actors and all countries, in file order.
        by_alias: name or alias -> actor; an alias that two actors share is left out.
        caps_only: aliases that count only when printed in capitals (WHO, US).
        metonyms: place or building -> what it stands for.
        demonyms: Russian -> RUS.
        roles, honorifics: as named.
        nicknames: short first name -> the full ones that it may stand for.
        given_names: first words that tell a person from a place or a firm; never a gender.
        first_names: given name -> m or f where 96 of 100 bearers are, else "": a hint to whom "she" means, and
            never a gender in a row.
        places: cities and provinces that name nobody, and no person either.
        kind_words: head noun -> actor type; `capital_kind_words` count only with a capital letter.
        known_roles: folded name of somebody -> the offices that he has had.
        offices: the offices of states and of bodies of states, with their days.
    """

    sha256: str = ""
    actors: tuple[KnownActor, ...] = ()
    by_alias: Mapping[str, KnownActor] = field(default_factory=dict)
    caps_only: frozenset[str] = frozenset()
    metonyms: Mapping[str, Metonym] = field(default_factory=dict)
    demonyms: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, KnownActor] = field(default_factory=dict)
    roles: Mapping[str, RoleWord] = field(default_factory=dict)
    honorifics: Mapping[str, Honorific] = field(default_factory=dict)
    nicknames: Mapping[str, frozenset[str]] = field(default_factory=dict)
    given_names: frozenset[str] = frozenset()
    first_names: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    kind_words: Mapping[str, str] = field(default_factory=dict)
    capital_kind_words: frozenset[str] = frozenset()
    known_roles: Mapping[str, tuple[KnownRole, ...]] = field(default_factory=dict)
    offices: tuple[KnownRole, ...] = ()

    @cached_property
    def role_lemmas(self) -> frozenset[str]:
        """The comparable forms of all role words."""
        return frozenset(role.lemma for role in self.roles.values())

    def holder_on(self, country_code: str, words: frozenset[str], day: date) -> str | None:
        """Return the one person who holds an office of a country on a day, by its folded words; None if none is known.

        All words of the office must be given, and no others, so that the shadow chancellor is not the chancellor.
        """
        found = {
            role.holder for role in self.offices
            if role.country_code == country_code and role.words == words and role.is_held_on(day, former=False)
        }  # fmt: skip
        return found.pop() if len(found) == 1 else None

    def find(self, surface: str) -> KnownActor | None:
        """Return the curated actor or country that this surface names, or None. Case counts for acronyms."""
        key = fold(surface)
        if key in self.caps_only and not _is_caps(cut_possessive(_ARTICLE.sub("", surface.strip()))):
            return None
        found = self.by_alias.get(key)
        if found is None and (short := without_middle_initials(key)) != key:
            found = self.by_alias.get(short)
            return found if found is not None and found.actor_type == "person" else None
        return found


def parse_reference(files: Mapping[str, str], own: Mapping[str, str] | None = None) -> Reference:
    """Return the reference data of these CSV files.

    Args:
        files: file name -> text; names this module does not know are ignored (other steps have files there too).
        own: a user's files of the same names and columns. Their rows come on top of ours; a row about an actor, a
            country or a word that ours has takes its place, with the aliases of both.

    Raises:
        ValueError: a file is missing, or a line is wrong; the message says which file and line, and what to do.
    """
    for name in _FILES:
        if name not in files:
            raise ValueError(f"{name}: missing; put it back into pipelines/reference")
    unknown = sorted(own.keys() - _FILES.keys()) if own else []
    if unknown:
        raise ValueError(f"reference/{unknown[0]}: no such table; the names are {', '.join(_FILES)}")
    files = {**files, **{OWN + name: text for name, text in (own or {}).items()}}
    countries = {row["code"]: _country(row) for _, row in _rows("countries.csv", files)}
    curated = [_curated(at, row, countries) for at, row in _rows("actors.csv", files)]
    by_alias, shared = _alias_index((*countries.values(), *curated))
    offices = _offices(files, countries)
    return Reference(
        sha256=sha256_hex("\x1e".join(f"{name}\x1f{files[name]}" for name in sorted(files) if _is_ours(name))),
        actors=(*countries.values(), *curated),
        by_alias=by_alias,
        caps_only=frozenset(
            fold(a) for actor in (*countries.values(), *curated) for a in actor.aliases if _is_acronym(a)
        ),
        metonyms=_metonyms(files, countries, by_alias, shared),
        demonyms={fold(d): row["code"] for _, row in _rows("countries.csv", files) for d in _split(row["demonyms"])},
        countries=countries,
        roles={fold(row["word"]): _role(at, row) for at, row in _rows("role_words.csv", files)},
        honorifics={
            fold(row["honorific"]): Honorific(row["gender"] or None, row["keeps_with_name"] == "yes")
            for _, row in _rows("honorifics.csv", files)
        },
        nicknames={
            fold(row["nickname"]): frozenset(fold(name) for name in _split(row["name"]))
            for _, row in _rows("nicknames.csv", files)
        },
        given_names=frozenset(
            fold(name)
            for file in ("given_names.csv", "nicknames.csv")
            for _, row in _rows(file, files)
            for cell in row.values()
            for name in _split(cell)
        ),
        first_names={row["given_name"]: row["gender"] for _, row in _rows("first_names.csv", files)},
        places=frozenset(fold(row["place"]) for _, row in _rows("places.csv", files)),
        kind_words={
            fold(row["word"]): _actor_type(at, row["actor_type"]) for at, row in _rows("kind_words.csv", files)
        },
        capital_kind_words=frozenset(
            fold(row["word"]) for _, row in _rows("kind_words.csv", files) if row["needs_capital"] == "yes"
        ),
        known_roles=_known_roles(files, by_alias, offices),
        offices=tuple(office for _, office in offices),
    )


def own_rows(name: str, own: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield the rows of one of a user's files by its name (countries.csv); nothing where they have none.

    Raises:
        ValueError: a line is wrong; the message says which, and what to do.
    """
    if name in own:
        yield from (row for _, row in csv_rows(OWN + name, own[name], _FILES[name], may_skip_lines=True))


def _is_ours(name: str) -> bool:
    return name.removeprefix(OWN) in _FILES


def _rows(name: str, files: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield ("file, line n", row) for each row of a table: ours, but for those that the user's take the place of."""
    added = list(_rows_of(name, OWN + name, files)) if OWN + name in files else []
    theirs = {_key(name, row): row for _, row in added}
    ours: dict[tuple[str, ...], str] = {}
    for at, row in _rows_of(name, name, files):
        if _key(name, row) in theirs and name in _KEYS:
            ours[_key(name, row)] = row.get("aliases", "")
        else:
            yield at, row
    for at, row in added:
        if "aliases" in row and (old := ours.get(_key(name, row))):
            row["aliases"] = "|".join(dict.fromkeys([*_split(row["aliases"]), *_split(old)]))
        yield at, row


def _key(name: str, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(fold(row[column]) for column in _KEYS.get(name, row))


def _rows_of(name: str, file: str, files: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    return csv_rows(file, files[file], _FILES[name], may_skip_lines=file != name)


def _country(row: Mapping[str, str]) -> KnownActor:
    aliases = tuple(_split(row["aliases"]))
    return KnownActor("country", row["name"], fold(row["name"]), row["code"], row["wikidata_qid"] or None, aliases)


def _curated(at: str, row: Mapping[str, str], countries: Mapping[str, KnownActor]) -> KnownActor:
    code, qid = row["country_code"], row["wikidata_qid"]
    if not row["name"]:
        raise ValueError(f"{at}: name is empty; fill it in or delete the line")
    if not _COUNTRY.match(code) or (code and code not in countries):
        raise ValueError(
            f"{at}: country_code {code!r} is not in countries.csv; use its three letters or leave it empty"
        )
    if not _QID.match(qid):
        raise ValueError(f"{at}: wikidata_qid {qid!r}; write Q and digits or leave it empty")
    aliases = tuple(_split(row["aliases"]))
    return KnownActor(
        _actor_type(at, row["actor_type"]), row["name"], fold(row["name"]), code or None, qid or None, aliases,
        _gender(at, row["gender"]),
    )  # fmt: skip


def _gender(at: str, value: str) -> str | None:
    if value not in ("", "m", "f"):
        raise ValueError(f"{at}: gender is {value!r}; write m or f, or leave it empty")
    return value or None


def _alias_index(actors: tuple[KnownActor, ...]) -> tuple[dict[str, KnownActor], set[str]]:
    """Return alias -> actor, and the aliases that several actors share (they name none)."""
    index: dict[str, KnownActor] = {}
    shared: set[str] = set()
    for actor in actors:
        for alias in {fold(a) for a in (actor.name, *actor.aliases)}:
            if index.setdefault(alias, actor) is not actor:
                shared.add(alias)
    for alias in shared:
        del index[alias]
    return index, shared


def _metonyms(
    files: Mapping[str, str], countries: Mapping[str, KnownActor], by_alias: Mapping[str, KnownActor], shared: set[str]
) -> dict[str, Metonym]:
    """Return capitals (governments when they speak), overruled by the rows of metonyms.csv."""
    out: dict[str, Metonym] = {}
    for _, row in _rows("countries.csv", files):
        capital = fold(row["capital"])
        if capital and capital not in by_alias and capital not in shared:
            out[capital] = Metonym(countries[row["code"]], when_speaking=True)
    for at, row in _rows("metonyms.csv", files):
        kind, code = _actor_type(at, row["actor_type"]), row["country_code"]
        if row["reads_as_actor"] not in ("always", "speaking"):
            raise ValueError(f"{at}: reads_as_actor is {row['reads_as_actor']!r}; write always or speaking")
        if code and code not in countries:
            raise ValueError(f"{at}: country_code {code!r} is not in countries.csv; use its three letters")
        known = countries[code] if kind == "country" else by_alias.get(fold(row["name"]))
        actor = known or KnownActor(kind, row["name"], fold(row["name"]), code or None, None)
        out[fold(row["metonym"])] = Metonym(actor, row["reads_as_actor"] == "speaking")
    return out


def _known_roles(
    files: Mapping[str, str], by_alias: Mapping[str, KnownActor], offices: Sequence[tuple[tuple[str, ...], KnownRole]]
) -> dict[str, tuple[KnownRole, ...]]:
    """Return who has had which offices: curated actors, and the holders of the offices of states."""
    out: dict[str, list[KnownRole]] = {}
    for at, row in _rows("known_roles.csv", files):
        actor = by_alias.get(fold(row["name"]))
        if actor is None:
            raise ValueError(f"{at}: {row['name']!r} is not in actors.csv; add it there or delete the line")
        role = _role_held(at, row["role"], row["valid_from"], row["valid_to"], None, row["name"])
        out.setdefault(actor.name_norm, []).append(role)
    for names, office in offices:
        for name in names:
            out.setdefault(fold(name), []).append(office)
    return {name: tuple(roles) for name, roles in out.items()}


def _offices(files: Mapping[str, str], countries: Mapping[str, KnownActor]) -> list[tuple[tuple[str, ...], KnownRole]]:
    """Return the names of each holder of an office, and the office."""
    out = []
    for at, row in _rows("offices.csv", files):
        if row["country"] not in countries and not _BODY.match(row["country"]):
            raise ValueError(f"{at}: country {row['country']!r} is not in countries.csv; use its three letters")
        office = _role_held(at, row["office"], row["from"], row["to"], row["country"], row["holder"])
        out.append(((row["holder"], *_split(row["aliases"])), office))
    return out


def _role_held(at: str, title: str, first: str, last: str, country: str | None, holder: str) -> KnownRole:
    start, end = _day(at, first), _day(at, last)
    if start and end and end < start:
        raise ValueError(f"{at}: the office ends before it begins")
    return KnownRole(title, frozenset(fold(title).split()) - _SMALL, start, end, country, holder)


def _day(at: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{at}: {text!r} is not a day; write it as 2026-03-02 or leave it empty") from None


def _role(at: str, row: Mapping[str, str]) -> RoleWord:
    if row["role_class"] not in ROLE_CLASSES:
        raise ValueError(f"{at}: role_class {row['role_class']!r}; use one of {', '.join(ROLE_CLASSES)}")
    return RoleWord(row["role_class"], fold(row["lemma"]) or fold(row["word"]), row["gender"] or None)


def _actor_type(at: str, value: str) -> str:
    if value not in ACTOR_TYPES:
        raise ValueError(f"{at}: actor_type {value!r}; use one of {', '.join(ACTOR_TYPES)}")
    return value


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _is_caps(surface: str) -> bool:
    letters = [c for c in surface if c.isalpha()]
    return bool(letters) and all(c.isupper() for c in letters)


def _is_acronym(alias: str) -> bool:
    letters = [c for c in alias if c.isalpha()]
    return len(letters) <= 6 and " " not in alias and _is_caps(alias)
