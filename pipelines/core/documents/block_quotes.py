"""Block quotes and embedded posts of a page -> paragraphs that say in words whose they are.

Covers quotation marks and names that a page gives by markup. For who said what, see core/attribution; for which blocks
are the article, see `body_choice`.

A block quote that names who is quoted (`<footer>`, `<cite>`, the author line of an embedded post) stands between
quotation marks, with the name after a dash in a paragraph below it; so does one below a paragraph that says that
somebody wrote or said what follows ("The minister wrote on her page:"), without a name of its own. Any other stands as
it is printed. A pull quote that only repeats the text is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from pipelines.core.documents.page_blocks import Block

_DASHED = re.compile(r"[—–―-]{1,2}\s*(?=[^\W\d_])")
_MAX_NAME = 160
_HANDLE = re.compile(r"\s*\(@[\w.@-]+\).*$|\s*@\w+.*$", re.S)
_POSTED = re.compile(r"(?:https?://|pic\.twitter\.com/|t\.co/)\S+")
_LEADS_IN = re.compile(
    r"\b(?:wrote|writes|posted|posts|tweeted|tweets|said|says|told|answered|answers|replied|replies|responded|responds"
    r"|commented|comments|added|adds|explained|explains|announced|declared|statement)\b[^.!?]*:$",
    re.I,
)
"""How a paragraph ends that announces somebody's words, and not a list, a recipe or a rule."""
_OPEN = '"“«„‘‹'


def printed(blocks: Sequence[Block], is_body: Sequence[bool]) -> list[str]:
    """Return the paragraphs of an article.

    Args:
        blocks: All blocks of its page.
        is_body: For each whether it belongs to the article; the line that names who is quoted goes with its quotation.
    """
    out: list[str] = []
    rows = list(zip(blocks, is_body, strict=True))
    everything = _words(" ".join(b.text for b, own in rows if own and not _is_pulled(b)))
    for quote, group in groupby(rows, key=lambda row: row[0].quote):
        members = list(group)
        own = [b for b, is_own in members if is_own]
        if any(map(_is_pulled, own)):
            own = [b for b in own if not _is_pulled(b) or not _repeats(b, everything)]
        is_quotation = quote is not None and own
        own_lines = (
            _quotation([b for b, _ in members], own, out[-1] if out else "") if is_quotation else [b.text for b in own]
        )
        for line in own_lines:
            if not out or out[-1] != line:
                out.append(line)
    return out


def _quotation(members: Sequence[Block], own: Sequence[Block], before: str) -> list[str]:
    names = [b for b in members if _names(b)]
    texts = [_POSTED.sub("", b.text).strip() for b in own if b not in names]
    texts = [text for text in texts if text]
    name = _name(names[-1].text) if names else None
    if not texts or (name is None and not _LEADS_IN.search(before)):
        return [b.text for b in own]
    if texts[0][0] not in _OPEN:
        texts = [f"“{text}" for text in texts]
        texts[-1] += "”"
    return [*texts, f"— {name}"] if name else texts


def _names(block: Block) -> bool:
    """Whether a block of a block quote says whose words it holds."""
    is_marked = block.tag in ("cite", "footer") or (block.tag == "figcaption")
    return len(block.text) <= _MAX_NAME and (is_marked or bool(_DASHED.match(block.text)))


def _name(line: str) -> str | None:
    """Return who is named, without an account's handle and the day of a post."""
    name = _HANDLE.sub("", _DASHED.sub("", line, count=1)).strip(" ,—–-")
    return name or None


def _is_pulled(block: Block) -> bool:
    return "pullquote" in block.marks


def _repeats(block: Block, everything: str) -> bool:
    return _names(block) or _words(block.text) in everything


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text)).casefold()
