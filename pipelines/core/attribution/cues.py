"""The cue lexicon: which words report speech or thought, and in which forms; and what a user adds to known words.

Covers the value types, the lexicon's CSV reader (from text; the caller reads the file) and English inflection. For
whether a word in a sentence IS a cue, see `linker`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.core.text.csv_rows import csv_rows

SILENT_CLASSES = frozenset({"seem", "strive"})
"""Classes whose cues report no words and no thought but the writer's impression (seems) or a deed (seeks, tries)."""

ATTITUDE_CLASSES = frozenset({"think", "know", "want", "fear", "like", "seem", "expect", "wonder", "support", "decide",
                             "strive"})  # fmt: skip
"""Classes whose cues report a thought, wish or feeling and not speech."""

_COLUMNS = ("cue_lemma", "cue_class", "form", "stance", "note")
_VOWELS = "aeiou"
_IRREGULAR: dict[str, tuple[str, str]] = {
    "say": ("said", "said"), "tell": ("told", "told"), "write": ("wrote", "written"), "read": ("read", "read"),
    "go": ("went", "gone"), "put": ("put", "put"), "speak": ("spoke", "spoken"), "sing": ("sang", "sung"),
    "hold": ("held", "held"), "swear": ("swore", "sworn"), "make": ("made", "made"), "break": ("broke", "broken"),
    "lay": ("laid", "laid"), "find": ("found", "found"), "show": ("showed", "shown"), "own": ("owned", "owned"),
    "learn": ("learned", "learned"), "shoot": ("shot", "shot"), "hit": ("hit", "hit"), "bet": ("bet", "bet"),
    "think": ("thought", "thought"), "feel": ("felt", "felt"), "see": ("saw", "seen"), "know": ("knew", "known"),
    "forget": ("forgot", "forgotten"), "understand": ("understood", "understood"), "hear": ("heard", "heard"),
    "mean": ("meant", "meant"), "seek": ("sought", "sought"), "foresee": ("foresaw", "foreseen"), "set": ("set", "set"),
    "choose": ("chose", "chosen"), "begin": ("began", "begun"), "cast": ("cast", "cast"), "take": ("took", "taken"),
    "give": ("gave", "given"), "tear": ("tore", "torn"), "weigh": ("weighed", "weighed"), "sue": ("sued", "sued"),
    "beseech": ("besought", "besought"), "upbraid": ("upbraided", "upbraided"), "strive": ("strove", "striven"),
    "forecast": ("forecast", "forecast"), "plead": ("pleaded", "pleaded"), "come": ("came", "come"), "be": ("was",
    "been"),
    "foretell": ("foretold", "foretold"), "leak": ("leaked", "leaked"), "let": ("let", "let"),
}  # fmt: skip
_DOUBLING = frozenset(
    "abhor admit ban beg blog brag chat commit concur dub grab infer jab jot nag opt pan permit pin plan prefer prod "
    "quip rap rebut refer regret rip slam snap star stun submit swat tag transmit trot".split()
)
_DOUBLING_ING = _DOUBLING | {"begin", "bet", "forget", "hit", "let", "put", "set"}


@dataclass(frozen=True, slots=True)
class CueEntry:
    """One line of the lexicon.

    Attributes:
        lemma: dictionary form; two words for a phrasal verb or phrase.
        cue_class: kind of speech act or attitude (say, deny, warn, think, ...).
        form: verb, noun or phrase.
        stance: what the cue says of the writer's view.
    """

    lemma: str
    cue_class: str
    form: str
    stance: str

    @property
    def is_silent(self) -> bool:
        """Whether the cue reports nothing that anyone said or thought."""
        return self.cue_class in SILENT_CLASSES

    @property
    def is_attitude(self) -> bool:
        """Whether the cue reports a thought, wish or feeling and not speech."""
        return self.cue_class in ATTITUDE_CLASSES


@dataclass(frozen=True, slots=True)
class CueForm:
    """One inflected form of an entry.

    Attributes:
        entry: the entry.
        inflection: base, s, ed (past), en (participle), ing; noun, nouns; adjective (after a form of be); phrase.
        tail: the words after the first one (`for` in `called for`), lower case.
    """

    entry: CueEntry
    inflection: str
    tail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a user's own reference data adds to the words that phrases are taken apart by, all folded.

    Attributes:
        states: names of countries.
        metonyms: places that stand for somebody (the Kremlin), capitals among them.
        institutions: those of them that stand for no state.
        demonyms: words for the people of a country.
        roles: single words for a role, and titles.
    """

    states: frozenset[str] = frozenset()
    metonyms: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    demonyms: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """All words in a fixed order; empty if there are none."""
        groups = (self.states, self.metonyms, self.institutions, self.demonyms, self.roles)
        return "\n".join("|".join(sorted(words)) for words in groups) if any(groups) else ""


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """All entries, by the lower-case first word of each inflected form; a user's own words; and a hash of both."""

    forms: Mapping[str, tuple[CueForm, ...]]
    entries: tuple[CueEntry, ...]
    own: OwnWords
    sha256: str

    def lookup(self, word: str) -> tuple[CueForm, ...]:
        """Return the forms that start with a lower-case word, longest first; empty if there is none."""
        return self.forms.get(word, ())


def parse_cue_lexicon(csv_text: str, own: OwnWords = OwnWords()) -> CueLexicon:
    """Read the lexicon from the text of its CSV file, and put a user's own words beside it.

    Raises:
        ValueError: a line is wrong; the message says which, and what to do.
    """
    entries = tuple(_entry(at, row) for at, row in csv_rows("cue_lexicon.csv", csv_text, _COLUMNS))
    forms: dict[str, list[CueForm]] = {}
    for entry in entries:
        head, *tail = entry.lemma.split()
        if head == "be" and tail:
            forms.setdefault(tail[0], []).append(CueForm(entry, "adjective", tuple(tail[1:])))
            continue
        for word, inflection in _inflections(head, entry.form):
            forms.setdefault(word, []).append(CueForm(entry, inflection, tuple(tail)))
    ordered = {
        word: tuple(sorted(found, key=lambda f: (-len(f.tail), f.entry.form, f.inflection, f.entry.lemma)))
        for word, found in forms.items()
    }
    digest = hashlib.sha256((csv_text + own.text).encode("utf-8", "surrogatepass")).hexdigest()
    return CueLexicon(ordered, entries, own, digest)


def _entry(at: str, row: Mapping[str, str]) -> CueEntry:
    if row["form"] not in ("verb", "noun", "phrase"):
        raise ValueError(f"{at}: form is {row['form']}; make it verb, noun or phrase")
    return CueEntry(row["cue_lemma"], row["cue_class"], row["form"], row["stance"])


def _inflections(head: str, form: str) -> list[tuple[str, str]]:
    if form == "noun":
        return [(head, "noun"), (_s_form(head), "nouns")]
    if form == "phrase":
        return [(head, "phrase")]
    past, participle = _IRREGULAR.get(head) or (_ed_form(head), _ed_form(head))
    out = [(head, "base"), (_s_form(head), "s"), (past, "ed"), (_ing_form(head), "ing")]
    if participle != past:
        out.append((participle, "en"))
    return [(word, inflection) for k, (word, inflection) in enumerate(out) if word not in {w for w, _ in out[:k]}]


def _s_form(word: str) -> str:
    if word == "go":
        return "goes"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _ed_form(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ied"
    return (word + word[-1] if word in _DOUBLING else word) + "ed"


def _ing_form(word: str) -> str:
    if word.endswith("ee") or word in ("see", "be", "foresee"):
        return word + "ing"
    if word.endswith("e"):
        return word[:-1] + "ing"
    return (word + word[-1] if word in _DOUBLING_ING else word) + "ing"
