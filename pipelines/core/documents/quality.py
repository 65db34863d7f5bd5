"""Quality flags: why a text may not be a whole article.

Covers the flags and their thresholds. It does not cover refusing a record (the readers do).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipelines.core.documents.model import Section

MIN_WORDS = 40
"""Below this many words of body a text is flagged too_short: it may be a teaser, a caption or an error page."""
MAX_STUB_WORDS = 300
"""A text that ends in an offer to subscribe is a stub up to this length; a longer one was printed whole, with an
advertisement below it."""
_MAX_LINE = 240
_ENDS = 8
"""Paragraphs from either end in which a page says what it is."""
_PAYWALL = re.compile(
    r"(?:[^.!?“\"]{0,80}[.!?…:]\s*)?(?:(?:please )?(?:subscribe|sign in|log in|register)(?: now| today)?"
    r" (?:or (?:subscribe|register|log in|sign in) )?to"
    r" (?:continue|read|keep reading|unlock)\b|to (?:continue|keep) reading\b|want to (?:read|keep reading|continue)\b"
    r"|already an? (?:subscriber|member)\?|(?:this|the full|the rest of this) (?:article|content|story) is"
    r" (?:only )?(?:available )?(?:for|to|exclusive to|reserved for) (?:our )?(?:paying |premium )?"
    r"(?:subscribers|members)|(?:for )?subscribers only\W*$"
    r"|you(?:[’']ve| have) (?:reached|used) (?:your|all your|the) .{0,30}\b(?:limit|articles)\b"
    r"|log in or subscribe\b|unlock (?:this|the full) (?:article|story)|premium content\b"
    r"|become a (?:member|subscriber) to (?:read|continue))",
    re.I,
)
_TRANSLATED = re.compile(
    r"[*\[(_\s]*(?:(?:(?:editor[’']?s )?note|disclaimer):\s*)?(?:"
    r"(?:this|the) (?:article|story|text|page|content|report|version)[^.]{0,60}\b(?:was|has been|is|were)\b[^.]{0,30}"
    r"\b(?:(?:machine|automatically|ai)[- ]translated|translated (?:automatically|using|with|by)[^.]{0,40}"
    r"\b(?:ai|artificial intelligence|machine|automat(?:ic|ed)|google translate|deepl|chatgpt))\b"
    r"|(?:machine|automatic(?:ally)?|ai)[- ](?:generated )?translat(?:ed|ion)(?: (?:by|from|of)\b.{0,80})?[\s.)\]]*$"
    r"|translated (?:automatically|(?:by|with|using) (?:ai|artificial intelligence|google translate|deepl|chatgpt"
    r"|machine translation))\b)",
    re.I,
)
_LIVE = re.compile(
    r"(?:live(?: (?:updates|blog|coverage|ticker))?\s*[:|–—]\s"
    r"|.{0,160}(?:[:|–—-]\s*live$|\blive (?:updates|blog|ticker)\b|[:|–—-]\s*(?:as it happened|latest updates)\b))",
    re.I,
)
_ERROR_PAGE = re.compile(
    r"(?:404|page not found|access denied|403 forbidden|just a moment|attention required|are you a robot"
    r"|enable (?:javascript|cookies)"
    r"|service unavailable|we can[’']t find (?:that|the) page)", re.I)  # fmt: skip
FLAGS = (
    "correction", "encoding_repaired", "error_page", "impossible_date", "list_page", "live_blog",
    "machine_translated", "no_date", "no_headline", "paywall", "retracted", "too_short", "unsure_body",
)  # fmt: skip
"""Every flag that a reader may set."""


def body_of(text: str, sections: Sequence[Section]) -> str:
    """Return the text without its sections: the body."""
    parts: list[str] = []
    at = 0
    for section in sections:
        parts.append(text[at : section.char_start])
        at = section.char_end
    parts.append(text[at:])
    return "\n".join(part for part in parts if part.strip())


def is_paywall(line: str) -> bool:
    """Whether a paragraph asks the reader to subscribe or to log in for the rest of the article."""
    return len(line) <= _MAX_LINE and bool(_PAYWALL.match(line.strip()))


def is_translation_note(line: str) -> bool:
    """Whether a paragraph says that a machine translated the article that it stands in."""
    return len(line) <= _MAX_LINE and bool(_TRANSLATED.match(line.strip()))


def quality_flags(
    body: str,
    *,
    lines: Sequence[str],
    headline: str | None,
    is_dated: bool,
    is_corrected: bool,
    is_retracted: bool,
    reader_flags: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the flags of a text, in alphabetical order.

    Args:
        body: The text without its sections.
        lines: The paragraphs of the whole text.
        headline: As printed.
        is_dated: The day of publication is known.
        is_corrected: It carries a correction notice.
        is_retracted: It withdraws the article.
        reader_flags: What the reader itself saw in markup or bytes (encoding_repaired, list_page, live_blog, paywall).
    """
    n_words = len(body[:4000].split())
    found = {
        "too_short": n_words < MIN_WORDS,
        "no_date": not is_dated,
        "no_headline": headline is None,
        "correction": is_corrected and not is_retracted,
        "retracted": is_retracted,
        "paywall": any(map(is_paywall, lines[-_ENDS:])) and len(body.split()) <= MAX_STUB_WORDS,
        "machine_translated": any(map(is_translation_note, (*lines[:_ENDS], *lines[-_ENDS:]))),
        "live_blog": headline is not None and bool(_LIVE.match(headline)),
        "error_page": n_words < 120 and bool(_ERROR_PAGE.match((headline or body).strip())),
    }
    return tuple(sorted({name for name, is_set in found.items() if is_set} | set(reader_flags)))
