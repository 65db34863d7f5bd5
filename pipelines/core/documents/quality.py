"""Quality flags: why a text may not be a whole article.

Belongs here: the flags and their thresholds. Does not belong here: refusing a record (the readers do).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipelines.core.documents.model import Section

MIN_WORDS = 40
"""Below this many words of body a text is flagged too_short: it may be a teaser, a caption or an error page."""
_PAYWALL = re.compile(
    r"(?:subscribe (?:now )?to (?:continue|read|keep)|to (?:continue|keep) reading(?: this (?:article"
    r"|story))?,? (?:please )?(?:subscribe|log in"
    r"|sign in|register)|already a (?:subscriber|member)\?|this (?:article|content"
    r"|story) is (?:only )?(?:available )?(?:for|to) subscribers"
    r"|subscribers only|you have reached your (?:article )?limit|log in or subscribe|subscribe to unlock"
    r"|unlock this article)", re.I)  # fmt: skip
_ERROR_PAGE = re.compile(
    r"(?:404|page not found|access denied|403 forbidden|just a moment|attention required|are you a robot"
    r"|enable (?:javascript|cookies)"
    r"|service unavailable|we can[’']t find (?:that|the) page)", re.I)  # fmt: skip
FLAGS = (
    "correction", "encoding_repaired", "error_page", "list_page", "no_date", "no_headline", "paywall", "retracted",
    "too_short",
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


def quality_flags(
    body: str,
    *,
    headline: str | None,
    is_dated: bool,
    is_corrected: bool,
    is_retracted: bool,
    reader_flags: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the flags of a text, in alphabetical order.

    Args:
        body: The text without its sections.
        headline: As printed.
        is_dated: The day of publication is known.
        is_corrected: It carries a correction notice.
        is_retracted: It withdraws the article.
        reader_flags: What the reader itself saw (encoding_repaired, list_page).
    """
    n_words = len(body[:4000].split())
    found = {
        "too_short": n_words < MIN_WORDS,
        "no_date": not is_dated,
        "no_headline": headline is None,
        "correction": is_corrected and not is_retracted,
        "retracted": is_retracted,
        "paywall": bool(_PAYWALL.search(body[-1500:])),
        "error_page": n_words < 120 and bool(_ERROR_PAGE.match((headline or body).strip())),
    }
    return tuple(sorted({name for name, is_set in found.items() if is_set} | set(reader_flags)))
