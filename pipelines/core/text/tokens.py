"""Words of a paragraph with exact offsets, and closed word classes of English.

Covers tokenisation and membership tests on single tokens. For cue words, see `cues`; for sentences, see `sentences`.

Each pattern alternative is a run over one character class with a fixed separator, so that matching is linear.
"""

from __future__ import annotations

import re

from pipelines.core.text.months import WEEKDAY_WORDS
from pipelines.core.text.spans import Span

_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., a.m.
    r"|['’](?:s|S)(?![^\W_])"  # possessive or contracted 's, a token of its own
    # words, numbers, don't, e-mail, AT&T; what has no width is in the word; a stop before a capital (said.The) is not
    r"|[#@]?[^\W_]+(?:(?:[-/&'’\u00ad\u200b-\u200d\u2060\ufeff]|\.(?![A-Z][a-z]))(?!(?:s|S)(?![^\W_]))[^\W_]+)*"
    r"|``|''|--+|\.\.+"
    r"|[^\w\s]"
    r"|_"
)

_NO_WIDTH = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))

DASHES = ("-", "–", "—", "―", "--")
DETERMINERS = frozenset(
    "a an the this that these those his her its their our my your some any no every each another either "
    "neither both all many most "
    "several few more other such one two three four five six seven eight nine ten".split()
)
PRONOUNS = frozenset(
    "he she they it i we you who him her them us me that which this these those both some others many few one everyone "
    "someone nobody everybody somebody anyone none himself herself themselves itself".split()
)
MODALS = frozenset(
    "will would can could may might must shall should won't wouldn't can't cannot couldn't shouldn't".split()
)
FINITE = MODALS | frozenset(
    "is are was were am has have had do does did isn't aren't wasn't weren't don't doesn't didn't hasn't haven't "
    "hadn't".split()
)
AUXILIARIES = FINITE | frozenset(
    "be been being 've 'd 'll mightn't mustn't ain't he's she's it's i've we've they've you've he'd she'd they'd i'd "
    "we'd he'll she'll they'll i'll we'll i'm we're they're you're".split()
)
NEGATIONS = frozenset("not never no n't nor neither without".split())
PREPOSITIONS = frozenset(
    "of in on at for from with by to about against over under after before during since until till through "
    "between among "
    "into onto upon within without toward towards behind beyond despite amid across along around near off out up down "
    "inside outside like per via versus besides except including regarding concerning".split()
)
CONJUNCTIONS = frozenset(
    "and or but nor yet so because while when whereas although though if unless whether as than where since once "
    "which who whom whose that what how why".split()
)
WH_WORDS = frozenset("whether why how what who where when which if whom whose".split())
ADVERBS = frozenset(
    "also later then now still even just only again once already never often always ever not repeatedly "
    "recently previously "
    "reportedly first further soon earlier long instead ultimately quickly publicly privately all both each simply "
    "probably perhaps indeed too sometimes largely widely increasingly twice initially eventually so really actually "
    "apparently therefore thus nonetheless nevertheless meanwhile once flatly immediately himself herself "
    "themselves itself very quite rather enough".split()
)
TIME_WORDS = WEEKDAY_WORDS | frozenset(
    "today yesterday tonight tomorrow afterwards afterward later earlier recently then now again night "
    "morning afternoon evening week month year "
    "last next this early late past weekend minutes hours days weeks months years ago".split()
)
SHORT_TITLES = frozenset("mr mrs ms dr sen rep gov gen col lt sgt capt prof rev hon".split())
"""Titles that are printed short, with or without a stop, and never stand alone."""
TITLES = SHORT_TITLES | frozenset(
    "miss maj cmdr adm sir dame lord lady president vice "
    "senator senators representative congressman congresswoman governor mayor minister secretary judge justice "
    "chairman chairwoman chair speaker director ambassador envoy king queen prince princess pope chancellor premier "
    "general colonel captain sergeant lieutenant professor doctor detective officer chief attorney commissioner "
    "deputy prime foreign defense defence state house senate majority minority leader spokesman spokeswoman "
    "spokesperson aide adviser advisor strategist manager analyst lawyer reporter candidate nominee former first lady "
    "democratic republican democrat sheriff coach author journalist actor actress businessman billionaire mogul tycoon "
    "host anchor correspondent editor columnist pollster operative consultant founder ceo executive commander".split()
)


def tokenize(paragraph: str) -> list[Span]:
    """Return the spans of the tokens of a paragraph, rising; whitespace is in none. Linear in its length."""
    return [m.span() for m in _TOKEN.finditer(paragraph)]


def is_word(word: str) -> bool:
    """Tell whether a token holds a letter or a digit."""
    return any(c.isalnum() for c in word)


def plain(word: str) -> str:
    """Return a word without soft hyphens and other marks of no width."""
    return word.translate(_NO_WIDTH)
