"""Names: folding for comparison, and a noun phrase taken apart into role words and a name.

Covers what can be told from one surface alone, without reference data. For what kind of actor it is, see `phrases`; for
which names in an article are the same actor, see `entities`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.core.text.fold import strip_accents


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text, as a set."""
    return frozenset(words.split())


_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_INNER_POSSESSIVE = re.compile(r"(?<=\w)['’]s(?=\s)", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_MIDDLE = re.compile(r"^(\w{2,})(?: \w)+ (\w{2,}.*)$")
MINISTRY = re.compile(r"^(ministry|department) of (?:the )?(.+)$")
_DROP = re.compile(r"['’‘`\"“”.]")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_LEADING_THE = re.compile(r"^the\s+", re.IGNORECASE)
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’&.][^\W_]+)*(?:(?<=s)['’](?=\s)|\.)?")
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v", "esq", "phd", "md"})
"""Folded suffixes of a person's name. Jr. and Sr. tell two people apart, so they stay in the folded name."""
POSTNOMINALS = frozenset("KC QC SC MP MSP MEP MLA MNA MPA TD OBE MBE CBE DBE KBE PhD MD RN Esq".split())
"""Letters behind a person's name that are no part of it."""
PARTICLES = word_set(
    "de la le du da do dos das del della di van von der den ten ter bin ibn al el bint abu ben y e of the zu af av op"
)
"""Folded lower-case words that stand inside a name."""
_GIVEN = frozenset({"al", "ben", "abu", "den"})
"""Particles that are first names when they have a capital: Al Roe."""
_FIRST_PARTICLES = PARTICLES - {"of", "the", "y", "e", "av", "op"}
_SMALL = frozenset({"of", "and", "the", "for", "in", "on", "de", "du", "des", "la", "&", "to"})


def cut_possessive(surface: str) -> str:
    """Return the surface without a closing 's or s'."""
    cut = _POSSESSIVE.sub("", surface)
    return cut or surface


@lru_cache(maxsize=1 << 16)
def fold(surface: str) -> str:
    """Return a name folded for comparison.

    Accents, case, punctuation, a leading "the", a final possessive and the dots of initials do not count;
    hyphens count as spaces. "the Kremlin's" -> "kremlin", "U.S." -> "us", "Jean-Marie Le Pen" -> "jean marie le pen".
    """
    text = _INNER_POSSESSIVE.sub("", cut_possessive(surface.strip().rstrip(",;:")))
    text = _INITIALS.sub(lambda m: m.group(0).replace(".", ""), strip_accents(text))
    text = _NOT_WORD.sub(" ", _DROP.sub("", text)).strip().casefold()
    return _LEADING_THE.sub("", text)


def tokens(surface: str) -> list[str]:
    """Return the words of a surface, with the dots of initials and abbreviations, without other punctuation."""
    return _TOKEN.findall(surface)


def without_suffix(folded: str) -> str:
    """Return a folded name without Jr., Sr., III and the like."""
    words = folded.split()
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    return " ".join(words)


def without_middle_initials(folded: str) -> str:
    """Return a folded name without the single letters after its first word: "jane q roe" -> "jane roe"."""
    return _MIDDLE.sub(r"\1 \2", folded)


def is_one_word(name: str) -> bool:
    """Tell whether a printed name is one word, suffix and particles aside, as Vance-Rook and von Berg are."""
    words = name.split()
    while len(words) > 1 and fold(words[-1]) in SUFFIXES:
        words.pop()
    while len(words) > 1 and fold(words[0]) in PARTICLES and (words[0].islower() or fold(words[0]) not in _GIVEN):
        words.pop(0)
    return len(words) == 1


def short_keys(name: str) -> tuple[str, ...]:
    """Return the folded short forms of a printed name, from its surname; a double surname counts whole."""
    folded = without_suffix(fold(name))
    words = [w for w in name.split() if fold(w) not in SUFFIXES]
    if not words or "-" not in words[-1]:
        return surname_keys(folded)
    double = fold(words[-1])
    return (double,) if len(words) == 1 else (double, *surname_keys(folded))


def ministry_first(folded: str) -> str:
    """Return "transport ministry" for "ministry of transport", so that both are one name; other names as they are."""
    return MINISTRY.sub(r"\2 \1", folded)


def suffix_of(folded: str) -> str:
    """Return "jr", "sr", "iii" ... or an empty string."""
    last = folded.rpartition(" ")[2]
    return last if " " in folded and last in SUFFIXES else ""


def surname_key(folded: str) -> str:
    """Return the last word of a folded person's name, suffix left out: by it a short form finds the full one."""
    return without_suffix(folded).rpartition(" ")[2]


def surname_keys(folded: str) -> tuple[str, ...]:
    """Return all forms a surname may be printed in: "von der leyen" gives leyen, der leyen, von der leyen."""
    words = without_suffix(folded).split()
    out = [words[-1]]
    for i in range(len(words) - 2, 0, -1):
        if words[i] not in PARTICLES:
            break
        out.append(" ".join(words[i:]))
    return tuple(out)


def acronyms(name: str) -> tuple[str, ...]:
    """Return the initials of a name of two words or more, with and without its small words, folded."""
    words = [w for w in re.split(r"[\s\-/]+", strip_accents(name)) if w]
    big = [w for w in words if w[0].isupper() and w.casefold() not in _SMALL]
    if len(big) < 2:
        return ()
    short = "".join(w[0] for w in big).casefold()
    full = "".join(w[0] for w in words if w.casefold() != "the").casefold()
    return (short,) if short == full else (short, full)


def is_acronym(surface: str) -> bool:
    """Tell whether a surface is two to six capitals, with or without dots."""
    letters = surface.replace(".", "").replace("-", "")
    return 2 <= len(letters) <= 6 and letters.isalpha() and letters.isupper()


def is_capitalised(word: str) -> bool:
    """Tell whether a word could stand in a name: a capital first, or one after a small prefix (al-Assad, deGrasse)."""
    return word[:1].isupper() or word.isdigit() or any(c.isupper() for c in word[1:])


def is_name_like(words: list[str]) -> bool:
    """Tell whether words read as a name: first and last capitalised, particles or capitals between."""
    if (
        not words
        or not is_capitalised(words[-1])
        or not (is_capitalised(words[0]) or fold(words[0]) in _FIRST_PARTICLES)
    ):
        return False
    return all(is_capitalised(w) or fold(w) in PARTICLES or w == "&" for w in words)
