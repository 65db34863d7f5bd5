"""Names in a text, and what kind of source a phrase is.

Covers surface rules over one phrase: where names stand, which words are the role, and of what kind a source is. It does
not cover who said what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.attribution.cues import OwnWords
from pipelines.core.text import tokens as t
from pipelines.core.text.months import MONTH_WORDS, WEEKDAY_WORDS
from pipelines.core.text.names import fold
from pipelines.core.text.spans import Span

_LINKS = frozenset("of de la le du da dos del van von der den bin ibn al el ben the for and".split())
_PERSON_LINKS = frozenset("de la le du da dos del van von der den bin ibn al el ben".split())
_ROLE_NOUNS = t.TITLES | frozenset(
    "officials official man woman resident residents witness witnesses student students expert experts critic critics "
    "supporter supporters friend brother sister father mother son daughter wife husband lawmaker lawmakers politician "
    "diplomat diplomats soldier soldiers member members executive executives economist scientist researcher "
    "researchers "
    "doctors teacher driver owner worker workers employee employees investigator investigators prosecutor prosecutors "
    "protester protesters voter voters reporters journalists aides advisers advisors spokesmen lawyers attorneys "
    "allies ally rival rivals opponent opponents leaders head boss user users donor donors activist activists "
    "analysts economists scientists researchers traders bankers brokers dealers investors authorities lawmakers "
    "diplomats politicians historians scholars observers observer pollsters strategists spokespeople governors "
    "senators executives drivers farmers teachers owners mayors judges ministers candidates nominees commentators "
    "commentator mediator captain engineer dean trustee trustees narrator moderator villagers parents nurses "
    "patients friends people others insiders detectives police-officers firefighters survivors relatives "
    "neighbors neighbours colleagues".split()
)
_DOCUMENTS = frozenset(
    "report memo poll polls survey surveys study studies statement letter document documents post article "
    "editorial book lawsuit complaint "
    "filing indictment data figures email emails e-mail e-mails transcript ad ads website site tweet message "
    "law bill order "
    "resolution treaty text record records note analysis review headline story column census video ruling".split()
)
_ORGANISATIONS = frozenset(
    "ministry department party committee agency bank inc corp university council commission army navy police "
    "association "
    "campaign house court times post news journal herald tribune gazette company group foundation institute union "
    "federation board office administration government parliament congress senate assembly bureau service network team "
    "club league center centre school college hospital church fund trust coalition movement authority cabinet press "
    "society forces military navy ltd llc plc ag gmbh airlines".split()
)
_METONYMS = frozenset(
    "kremlin|white house|pentagon|downing street|capitol hill|wall street|silicon valley|elysee|vatican|"
    "holy see|foggy bottom|state department|whitehall|westminster|brussels|moscow|beijing|washington|tehran|london|"
    "paris|berlin|tokyo|kyiv|kiev|jerusalem|ankara|riyadh|cairo|delhi|new delhi|islamabad|kabul|baghdad|damascus|"
    "pyongyang|seoul|taipei|caracas|havana".split("|")
)
_INSTITUTIONS = frozenset(
    "kremlin|white house|pentagon|vatican|state department|wall street|silicon valley|downing street".split("|")
)
"""Places that stand for an institution; the other metonyms stand for a state."""
_STATES = frozenset(
    "afghanistan|albania|algeria|angola|argentina|armenia|australia|austria|azerbaijan|bahrain|bangladesh|belarus|belgium|"
    "bolivia|bosnia|botswana|brazil|bulgaria|cambodia|cameroon|canada|chad|chile|china|colombia|congo|croatia|cuba|cyprus|"
    "czech republic|denmark|ecuador|egypt|eritrea|estonia|ethiopia|finland|france|gabon|georgia|germany|ghana|greece|"
    "guatemala|haiti|honduras|hungary|iceland|india|indonesia|iran|iraq|ireland|israel|italy|japan|jordan|kazakhstan|kenya|"
    "kosovo|kuwait|kyrgyzstan|laos|latvia|lebanon|libya|lithuania|luxembourg|malaysia|mali|malta|mexico|moldova|mongolia|"
    "montenegro|morocco|mozambique|myanmar|namibia|nepal|netherlands|new zealand|nicaragua|niger|nigeria|north korea|"
    "norway|oman|pakistan|palestine|panama|paraguay|peru|philippines|poland|portugal|qatar|romania|russia|rwanda|"
    "saudi arabia|senegal|serbia|singapore|slovakia|slovenia|somalia|south africa|south korea|spain|sri lanka|"
    "sudan|sweden|"
    "switzerland|syria|taiwan|tajikistan|tanzania|thailand|tunisia|turkey|turkmenistan|uganda|ukraine|"
    "united arab emirates|uae|united kingdom|uk|britain|england|scotland|wales|united states|us|usa|america|"
    "uruguay|uzbekistan|venezuela|vietnam|yemen|zambia|zimbabwe|european union|eu".split("|")
)
_DEMONYMS = frozenset(
    "american americans russian russians chinese israeli israelis iranian iranians british french german "
    "germans italian "
    "italians spanish turkish turks ukrainian ukrainians polish poles indian indians japanese korean koreans mexican "
    "mexicans canadian canadians australian australians palestinian palestinians syrian syrians iraqi iraqis afghan "
    "afghans egyptian egyptians saudi saudis european europeans arab arabs greek greeks dutch swiss swedish "
    "norwegian".split()
)
_ANONYMOUS = re.compile(
    r"anonym|not (?:to be|be) (?:named|identified)|unnamed|unidentified|(?:^|\s)sources?(?:\s|$)"
    r"|not authori[sz]ed",
    re.IGNORECASE,
)
_SEVERAL = frozenset(
    "they we you those these others some many few both most all everyone everybody them us several".split()
)
_SOMEBODY = frozenset("one someone somebody anyone anybody none nobody this that another".split())
_NAME_REACH = 14
_NAME_BREAKERS = frozenset("i i'm i'd i've i'll".split())
_CONTRACTED = re.compile(
    r"(?:i|we|you|he|she|it|they|who|that|there|here|what|let)['’](?:ve|re|ll|d|m|s)", re.IGNORECASE
)
_OBJECTS = frozenset("me us him them".split())
"""Pronouns that only a verb stands before: Let me say."""


@dataclass(frozen=True, slots=True)
class NamePhrase:
    """A phrase taken apart.

    Attributes:
        kind: a value of `mentions.mention_kind`.
        role: span of the role words, in the same text as the phrase; None if it has none.
        name: span of the name proper; None if it has none.
    """

    kind: str
    role: Span | None
    name: Span | None


def analyse_phrase(text: str, span: Span, own: OwnWords) -> NamePhrase:
    """Take a source or name phrase apart: its kind, its role words, its name.

    The name is what follows the last role word (`Putin aide` Yuri Ushakov); without one, the capitalised words. Words
    behind a comma are a role (`Jack Dorsey, Twitter's chief executive`).
    """
    start, end = span
    head_end = min((k for k in (text.find(",", start, end), text.find("(", start, end)) if k > start), default=end)
    toks = [(s + start, e + start) for s, e in t.tokenize(text[start:head_end])]
    words = [text[s:e] for s, e in toks]
    low = [w.lower().replace("’", "'") for w in words]
    if not toks:
        return NamePhrase("nominal", None, None)
    if len(low) == 1 and low[0] in t.PRONOUNS:
        return NamePhrase("pronoun", None, None)
    folded = fold(text[start:head_end])
    if folded in _METONYMS or folded in own.metonyms:
        return NamePhrase("metonym", None, (toks[0][0], toks[-1][1]))
    if len(low) == 1 and (low[0] in _DEMONYMS or folded in own.demonyms):
        return NamePhrase("demonym", None, toks[0])
    role_at = _last_role(low, own)
    tail = _name_tail(words, low, role_at + 1)
    has_capital = any(w[:1].isupper() and lw not in t.DETERMINERS for w, lw in zip(words, low, strict=True))
    if role_at >= 0:
        if tail is None:
            kind = (
                "role"
                if (low[0] not in ("a", "an", "some", "one") and not low[-1].endswith("s")) or role_at == 0
                else "nominal"
            )
            return NamePhrase(kind, (toks[0][0], toks[-1][1]), None)
        first = role_at + 1 + tail
        return NamePhrase("role+name", (toks[0][0], toks[role_at][1]), (toks[first][0], toks[-1][1]))
    if not has_capital:
        return NamePhrase("nominal", None, None)
    first = 1 if low[0] in t.DETERMINERS and len(low) > 1 else 0
    role = _behind_comma(text, head_end, end)
    return NamePhrase("role+name" if role else "name", role, (toks[first][0], toks[-1][1]))


def _last_role(low: list[str], own: OwnWords) -> int:
    """Return where the last role word stands, -1 without one."""
    known = (k for k, w in enumerate(low) if w in _ROLE_NOUNS or (own.roles and fold(w) in own.roles))
    return max((k for k in known if not _is_inside_org(low, k)), default=-1)


def _is_inside_org(low: list[str], k: int) -> bool:
    """Tell whether a role word is part of an organisation's name (State Department, White House)."""
    return (
        k + 1 < len(low)
        and low[k + 1] in _ORGANISATIONS
        and low[k] in ("state", "white", "house", "defense", "defence", "foreign", "justice", "prime", "general")
    )


def _name_tail(words: list[str], low: list[str], first: int) -> int | None:
    """Return 0 if the words from `first` on are a person's name, None if they are not."""
    skip = 0
    if first < len(words) and low[first] == ".":
        skip, first = 1, first + 1
    if first >= len(words):
        return None
    ok = all(
        w[:1].isupper() or lw in _PERSON_LINKS or lw in (".", "-", "'s", '"')
        for w, lw in zip(words[first:], low[first:], strict=True)
    )
    return skip if ok and words[first][:1].isupper() and low[-1] != "'s" else None


def _behind_comma(text: str, head_end: int, end: int) -> Span | None:
    start = head_end
    while start < end and text[start] in ", (\n\t":
        start += 1
    while end > start and text[end - 1] in ", )\n\t":
        end -= 1
    return (
        (start, end) if end - start >= 3 and not text[start:end].lower().startswith(("who", "which", "whose")) else None
    )


def find_names(text: str, start: int, end: int) -> list[Span]:
    """Return the spans of the capitalised name sequences of one sentence, titles before a name included.

    Linear. A sequence ends at a mark other than the full stop of a title or an initial. A single word counts only if it
    is no common word, and no verb of which the object follows (Let me say).
    """
    toks = [(s + start, e + start) for s, e in t.tokenize(text[start:end])]
    out: list[Span] = []
    k = 0
    n = len(toks)
    while k < n:
        word = text[toks[k][0] : toks[k][1]]
        if not (_starts_name(word, k == 0) or _starts_longer_name(text, toks, k, text[end - 1 : end] == "?")):
            k += 1
            continue
        last = k
        j = k + 1
        while j < min(n, k + _NAME_REACH) and toks[j][0] - toks[j - 1][1] <= 1:
            nxt = text[toks[j][0] : toks[j][1]]
            low = nxt.lower()
            if (
                nxt[:1].isupper()
                and low not in _INNER_BREAKERS
                and not (low in MONTH_WORDS and low not in _MONTH_NAMES)
            ):
                last = j
            elif (nxt == "." and j == last + 1 and _takes_stop(text[toks[last][0] : toks[last][1]])) or (
                low in _LINKS and low not in ("and", "for", "the") and j + 1 < n and text[toks[j + 1][0]].isupper()
            ):
                pass
            else:
                break
            j += 1
        after = text[toks[last + 1][0] : toks[last + 1][1]] if last + 1 < n else ""
        if last > k or after not in _OBJECTS:
            out.append((toks[k][0], toks[last][1]))
        k = last + 1
    return out


_COMMON_HEADS = (
    t.DETERMINERS
    | t.PRONOUNS
    | t.PREPOSITIONS
    | t.CONJUNCTIONS
    | t.AUXILIARIES
    | t.ADVERBS
    | t.NEGATIONS
    | t.TIME_WORDS
    | MONTH_WORDS
    | {"let"}
)


_MONTH_NAMES = frozenset("may march april june august jan".split())
"""Months that are also people's names."""
_INNER_BREAKERS = _NAME_BREAKERS | t.PRONOUNS | WEEKDAY_WORDS | t.CONJUNCTIONS | (t.DETERMINERS - {"the"})
"""Words at which a name ends, though they have a capital: they open the next sentence or tell a day."""


def _starts_name(word: str, is_first: bool) -> bool:
    if not word[:1].isupper() or word.lower() in _NAME_BREAKERS or _CONTRACTED.fullmatch(word):
        return False
    low = word.lower().replace("’", "'")
    if low in WEEKDAY_WORDS or (low in MONTH_WORDS and low not in ("may", "march")):
        return False
    return low not in _COMMON_HEADS


def _starts_longer_name(text: str, toks: Sequence[Span], k: int, is_question: bool) -> bool:
    """Tell whether a small word with a capital begins a name all the same: US Airways, Will Carr, Sunday Okafor."""
    word, after = (text[s:e] for s, e in (toks[k], toks[min(k + 1, len(toks) - 1)]))
    low = word.lower()
    is_near = k + 1 < len(toks) and toks[k + 1][0] - toks[k][1] == 1
    if not (is_near and word.isalpha() and len(word) > 1 and word[:1].isupper() and after[:1].isupper()):
        return False
    if after.lower() in _INNER_BREAKERS or (after.isupper() and len(after) > 1):
        return False
    if low in t.PRONOUNS:
        return word.isupper()
    if low in WEEKDAY_WORDS:
        before = text[slice(*toks[k - 1])].lower() if k else ""
        return before not in t.PREPOSITIONS
    return low in t.AUXILIARIES and not is_question


def _takes_stop(word: str) -> bool:
    return len(word) == 1 or word.lower() in (
        "mr",
        "mrs",
        "ms",
        "dr",
        "sen",
        "rep",
        "gov",
        "gen",
        "col",
        "lt",
        "sgt",
        "st",
        "jr",
        "sr",
        "prof",
        "rev",
        "capt",
        "hon",
    )


def source_kind(text: str, span: Span | None, context: str, own: OwnWords) -> str:
    """Return the value of `statements.source_kind` for a source phrase.

    Args:
        text: the text.
        span: the source's span; None if the statement has no source.
        context: the words of the clause beside the source, in which a condition of anonymity may stand.
        own: what a user adds to the words that we know.
    """
    if span is None:
        return "unattributed"
    surface = text[span[0] : span[1]]
    phrase = analyse_phrase(text, span, own)
    before_comma = surface.split(",")[0].lower()
    head = fold(before_comma)
    words = [w.strip(".,'’") for w in before_comma.strip().removeprefix("the ").split()]
    core = _before_tie(words)
    last = core[-1] if core else ""
    if phrase.kind == "pronoun":
        if head in _SEVERAL:
            return "collective"
        return "organisation" if head == "it" else "role_only" if head in _SOMEBODY else "named_person"
    if phrase.kind == "role+name":
        return "named_person"
    if _ANONYMOUS.search(surface) or (phrase.name is None and _ANONYMOUS.search(context)):
        return "anonymous"
    if place := _kind_of_place(head, own):
        return place
    if " and " in f" {head} " and phrase.kind != "role":
        return "collective"
    if last in _DOCUMENTS and (phrase.name is None or last in ("poll", "survey", "report", "study", "ad")):
        return "document"
    if last in _ORGANISATIONS or (core and core[0] in ("fbi", "cia", "nato", "un")):
        return "organisation"
    if phrase.kind in ("role", "nominal"):
        return "collective" if last.endswith("s") and not last.endswith("ss") else "role_only"
    if phrase.kind == "demonym" or last.endswith("ans") or last in ("democrats", "republicans"):
        return "collective"
    if _ends_in_lower_case(surface, last):
        return _kind_of_noun(last)
    compact = surface.strip()
    if compact.isupper() and compact.isalpha() and len(compact) <= 6:
        return "organisation"
    return "organisation" if surface.lower().startswith("the ") else "named_person"


def _ends_in_lower_case(surface: str, last: str) -> bool:
    """Tell whether the last word of a phrase is a common noun, so that the phrase is no name: Oslo bankers."""
    at = surface.lower().find(last)
    return len(last) > 2 and at >= 0 and surface[at : at + 1].islower() and f" {last}" in f" {surface}"


def _kind_of_noun(noun: str) -> str:
    if noun in _DOCUMENTS or noun.removesuffix("s") in _DOCUMENTS:
        return "document"
    if noun in _ORGANISATIONS:
        return "organisation"
    return "collective" if noun.endswith("s") and not noun.endswith("ss") else "role_only"


def _before_tie(words: list[str]) -> list[str]:
    for k, w in enumerate(words):
        if k and w in ("of", "for", "from", "at", "in", "with", "who", "to", "by", "on"):
            return words[:k]
    return words


def _kind_of_place(folded: str, own: OwnWords) -> str | None:
    """Return state or organisation for a place that stands for one, a user's word before ours; else None."""
    if folded in own.institutions:
        return "organisation"
    if folded in own.states or folded in own.metonyms:
        return "state"
    if folded in _INSTITUTIONS:
        return "organisation"
    return "state" if folded in _STATES or folded in _METONYMS else None


def is_metonym(phrase: str, own: OwnWords) -> bool:
    """Tell whether a phrase is a place that stands for a government or institution."""
    folded = fold(phrase)
    return folded in _METONYMS or folded in own.metonyms
