"""Markdown with YAML front matter -> a `Document`.

Covers front matter to what is known beside the text, and Markdown to prose. For which names a field has, see
`json_lines`; for the parts of an article, see `compose`.

Marks are taken off, as those of HTML are: an asterisk or an address in the middle of a sentence is not what was
printed, and would stand in the middle of what somebody said. The bytes are kept as received. What becomes of:
emphasis, links: their words. Paragraphs, list items, table rows, lines of a quotation: a paragraph each, on one
line, a hard line break kept. Headings: a paragraph; a first one of level 1 is the headline where the front matter
names none. Pictures: their text and title are captions. Code, HTML, rules, comments: left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.core.documents.compose import compose
from pipelines.core.documents.decode import decode
from pipelines.core.documents.json_lines import known_of
from pipelines.core.documents.model import Document, Record, Refused, SourceRules

_YAML = YAMLHandler()
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def read_markdown(record: Record, rules: SourceRules) -> Document:
    """Read a record that is Markdown, with front matter or without.

    Raises:
        Refused: decode/empty, decode/binary, parse/malformed_front_matter, parse/empty_text.
    """
    decoded = decode(record.bytes)
    told, body = _front_matter(decoded.text)
    flags = ("encoding_repaired",) if decoded.is_repaired else ()
    known, _ = known_of(told, rules, flags)
    paragraphs, headline, captions = _prose(body, wants_headline=known.headline is None)
    if not any(paragraphs):
        raise Refused("parse", "empty_text", "There is no prose below the front matter; drop the file or write it.")
    known = replace(known, headline=known.headline or headline, captions=captions)
    return compose("\n\n".join(paragraphs), known, record, rules, guess=True)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return what the front matter says, and the text after it; a text that does not begin with one has none."""
    text = text.lstrip()
    if not text.startswith("---"):
        return {}, text
    try:
        told, body = _YAML.split(text)
    except ValueError:  # no second line of dashes: the first is a rule
        return {}, text
    try:
        found = _YAML.load(told)
    except Exception as error:  # the YAML library raises errors of many kinds
        line = " ".join(str(error).split())[:160]
        raise Refused("parse", "malformed_front_matter", f"The front matter is no YAML ({line}); mend it.") from error
    if found is None:
        return {}, body
    if not isinstance(found, dict):
        kind = type(found).__name__
        raise Refused(
            "parse", "malformed_front_matter", f"The front matter is a {kind}, not `name: value` lines; mend it."
        )
    return {str(name): _plain(value) for name, value in found.items()}, body


def _plain(value: object) -> object:
    """Return a YAML value as JSON has it: YAML knows dates."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _prose(text: str, *, wants_headline: bool) -> tuple[list[str], str | None, tuple[str, ...]]:
    """Return the paragraphs, a headline if one is wanted and there, and the captions of pictures."""
    paragraphs: list[str] = []
    captions: list[str] = []
    headline: str | None = None
    cells: list[str] | None = None
    level = ""
    for token in _MARKDOWN.parse(text):
        if token.type == "heading_open":
            level = token.tag
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            paragraphs.append(" | ".join(cells))
            cells = None
        elif token.type == "inline":
            line = _words(token.children or (), captions)
            if cells is not None:
                cells.append(line)
            elif level == "h1" and wants_headline and headline is None and not paragraphs:
                headline = " ".join(line.split()) or None
            elif line:
                paragraphs.append(line)
            level = ""
    return paragraphs, headline, tuple(dict.fromkeys(captions))


def _words(children: Iterable[Token], captions: list[str]) -> str:
    parts: list[str] = []
    for child in children:
        if child.type == "image":
            captions.extend(_caption(child))
        elif child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        else:
            parts.append(_BREAKS.get(child.type, ""))
    return "\n".join(" ".join(line.split()) for line in "".join(parts).split("\n")).strip()


def _caption(image: Token) -> Sequence[str]:
    title = str(image.attrs.get("title") or "")
    return [text for text in (" ".join(part.split()) for part in (image.content, title)) if " " in text]
