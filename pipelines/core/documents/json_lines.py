"""One JSON object -> a `Document`.

Covers finding our fields among a source's names and checking them. It does not cover reading lines from a file (each
record is one line already).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

from pipelines.core.documents.compose import Known, compose, credit_line
from pipelines.core.documents.decode import decode
from pipelines.core.documents.model import FIELD_ALIASES, UNDATED, Document, Published, Record, Refused, SourceRules
from pipelines.core.documents.paragraph_kinds import split_names
from pipelines.core.documents.publication_dates import parse_date

_PIECES = ("rendered", "text", "paragraphs", "sections", "content", "body", "value", "html")
"""Names under which the text of an object stands that is a part of an article, the likeliest first."""
_WHOLE_PAGE = re.compile(r"<(?:html|body|head|!doctype)\b", re.I)
_TAGGED = re.compile(r"</(?:p|div|strong|em|b|i|a|span|h[1-6]|li|blockquote)>|<br\s*/?>|<p>", re.I)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[lr][ds]quo|nbsp|amp|quot|[mn]dash|hellip|apos);", re.I)
_ADDRESS = re.compile(r"https?://\S+")
_ESCAPED_BREAK = re.compile(r"(?:\\r)?\\n")
_ESCAPED_SIGN = re.compile(r'\\(["/])')
_CLOSERS = "\\\"”’') "
_MIN_BREAKS = 2
"""Blank lines, or ends of sentences, at escaped line breaks from which a text was escaped twice."""
_MAX_DEPTH = 200
_NO_CHARACTER = re.compile("[\ud800-\udfff\x00]")


def load(record: Record) -> tuple[dict[str, Any], bool]:
    """Return the object that a record is, and whether some bytes of it could not be decoded.

    Raises:
        Refused: decode/empty, decode/binary, parse/malformed_json, parse/not_an_object.
    """
    decoded = decode(record.bytes)
    return _load(decoded.text), decoded.is_repaired


def read_object(row: dict[str, Any], record: Record, rules: SourceRules, *, is_repaired: bool) -> Document:
    """Read an object by the names of its fields.

    Raises:
        Refused: parse/missing_field, parse/wrong_type, parse/empty_text, or what `html.read_html_text` raises for an
            HTML field.
    """
    page = _field(row, rules, "html")
    # The field that the settings name goes before every alias of the other.
    is_page = "html" in rules.fields and "text" not in rules.fields
    text = None if is_page else joined(_field(row, rules, "text"))
    flags = ("encoding_repaired",) if is_repaired else ()
    known, is_cleaned = known_of(row, rules, flags)
    if text is None and isinstance(page, str) and page.strip():
        from pipelines.core.documents.html import read_html_text  # heavy, only where there is HTML

        if not is_page or _WHOLE_PAGE.search(page):
            return read_html_text(page, record, rules, known)
        text = page
    if text is None:
        raise Refused("parse", "missing_field", _how_to_map(row, rules))
    if not isinstance(text, str):
        raise Refused(
            "parse",
            "wrong_type",
            f"The text is a JSON {_kind(text)}, not a string; map `text` to the field with the article.",
        )
    text = _unescaped(text)
    body = _clean(text)
    if is_page or _TAGGED.search(body):
        return _read_fragment(body, known, record, rules)
    if _ENTITY.search(body) and "<" not in body:
        body = text = unescape(body)
    if not body.strip():
        raise Refused(
            "parse",
            "empty_text",
            "The text field is empty; drop the record, or map `text` to the field with the article.",
        )
    if is_cleaned or body != text:
        known = _flagged(known)
    return compose(body, known, record, rules, guess=True)


def _read_fragment(value: str, known: Known, record: Record, rules: SourceRules) -> Document:
    """Read a text that is a piece of HTML, all of it the article."""
    from pipelines.core.documents.feed_entry import paragraphs_of  # heavy, only where there is HTML

    body, shown = paragraphs_of(value, is_html=True)
    if not body:
        raise Refused("parse", "empty_text", "The HTML field holds no text; map `html` to the field with the article.")
    known = replace(known, captions=tuple(shown))
    return compose("\n\n".join(body), known, record, rules, guess=False)


def joined(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return a text that is given in pieces as one: a list of paragraphs, or objects that hold them at any depth.

    What holds no text stays what it is, so that the refusal can name it.
    """
    if isinstance(value, list):
        pieces = [joined(item) for item in value]
        return "\n\n".join(p.strip() for p in pieces if isinstance(p, str) and p.strip()) if pieces else value
    if isinstance(value, dict):
        for name in _PIECES:
            if value.get(name):
                return joined(value[name])
    return value


def _load(text: str) -> dict[str, Any]:
    if _depth(text) > _MAX_DEPTH:
        raise Refused(
            "parse", "malformed_json", f"The JSON is nested more than {_MAX_DEPTH} deep; write one flat object a line."
        )
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno} (char {error.pos})"
        raise Refused(
            "parse", "malformed_json", f"{error.msg} at {where}; write one whole JSON object a line."
        ) from error
    except (RecursionError, ValueError) as error:
        raise Refused(
            "parse",
            "malformed_json",
            f"The JSON cannot be read ({type(error).__name__}); write one flat object a line.",
        ) from error
    if not isinstance(row, dict):
        raise Refused(
            "parse", "not_an_object", f"The record is a JSON {_kind(row)}, not an object; write one {{...}} a line."
        )
    return row


def _depth(text: str) -> int:
    """Deepest nesting, brackets in strings counted too: an upper bound, taken before the parser recurses."""
    if text.count("[") + text.count("{") <= _MAX_DEPTH:
        return 1
    depth = deepest = 0
    in_string = is_escaped = False
    for ch in text:
        if in_string:
            if is_escaped:
                is_escaped = False
            elif ch == "\\":
                is_escaped = True
            elif ch == '"':
                in_string = False
        elif ch == '"':
            in_string = True
        elif ch in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif ch in "]}":
            depth -= 1
    return deepest


def _field(row: dict[str, Any], rules: SourceRules, name: str) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return the value of one of our fields, by the settings' name or, where they give none, by its common names."""
    mapped = rules.fields.get(name)
    if mapped is not None:
        if mapped in row:
            return row[mapped]
        value: Any = row
        for step in mapped.split("."):  # "meta.title" reaches into an object
            value = value.get(step) if isinstance(value, dict) else None
        return value
    for alias in FIELD_ALIASES[name]:
        if row.get(alias) is not None:
            return row[alias]
    return None


def known_of(row: dict[str, Any], rules: SourceRules, flags: tuple[str, ...]) -> tuple[Known, bool]:
    """Return what an object says beside its text, and whether characters that no text can hold were replaced."""
    texts = {name: _plain(_string(_field(row, rules, name))) for name in FIELD_ALIASES if name not in ("text", "html")}
    raw_id = _field(row, rules, "id")
    is_cleaned = any("\ufffd" in (value or "") and value != _field(row, rules, name) for name, value in texts.items())
    named = (texts["outlet"], _string(row.get("source")))
    source = next((name for name in named if name and _ADDRESS.fullmatch(name)), None)
    outlet = None if texts["outlet"] == source else texts["outlet"]  # an address names no outlet
    known = Known(
        url=texts["url"] or source,
        supplied_id=str(raw_id) if isinstance(raw_id, int) and not isinstance(raw_id, bool) else texts["id"],
        outlet_name=outlet,
        outlet_domain=outlet if re.fullmatch(r"[\w-]+(\.[\w-]+)+", outlet or "") else None,
        headline=_one_line(texts["headline"]),
        standfirst=_one_line(texts["standfirst"]),
        byline=_one_line(texts["byline"]) or credit_line(_credits(_field(row, rules, "authors"))),
        authors=_authors(_field(row, rules, "authors"), texts["byline"]),
        language=texts["language"],
        published=_date(_field(row, rules, "published_at"), rules),
        updated_at=_date(_field(row, rules, "updated_at"), rules).at,
        flags=flags,
    )
    return known, is_cleaned


def _date(value: object, rules: SourceRules) -> Published:
    return parse_date(value, rules.timezone, "supplied") if value is not None else UNDATED


def _authors(value: object, byline: str | None) -> tuple[str, ...]:
    """Names as supplied: a list keeps its items, a string is split like a byline."""
    if isinstance(value, list):
        names = [v.get("name") if isinstance(v, dict) else v for v in value]
        return tuple(dict.fromkeys(" ".join(_clean(n).split()) for n in names if isinstance(n, str) and n.strip()))
    line = value if isinstance(value, str) else value.get("name") if isinstance(value, dict) else byline
    return split_names(_clean(line)) if isinstance(line, str) else ()


def _credits(value: object) -> list[str]:
    """Return the author field as supplied: one line for a string, one for each item of a list."""
    texts = [_one_line(_string(item)) for item in (value if isinstance(value, list) else [value])]
    return [text for text in texts if text]


def _unescaped(text: str) -> str:
    r"""Return a text that was written to JSON twice, its line breaks the characters `\n`, with line breaks.

    It was if no line of it is broken otherwise, and blank lines or ends of sentences stand at the characters.
    """
    *before, _ = _ESCAPED_BREAK.split(text)
    ends = [line.rstrip(_CLOSERS)[-1:] for line in before if line.strip()]
    is_escaped = before.count("") >= _MIN_BREAKS or (len(ends) >= _MIN_BREAKS and set(ends) <= set(".!?:…"))
    if "\n" in text or not is_escaped:
        return text
    return _ESCAPED_BREAK.sub("\n", _ESCAPED_SIGN.sub(r"\1", text)).replace("\\t", "\t")


def _string(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("rendered")
    if not isinstance(value, str):
        return None
    return _clean(value).strip() or None


def _plain(value: str | None) -> str | None:
    """Return a field without the entities and tags that some exports leave in it."""
    if value is None or not (_ENTITY.search(value) or _TAGGED.search(value)):
        return value
    return unescape(re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", value))


def _one_line(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _clean(text: str) -> str:
    r"""Replace what no text can hold: lone surrogates (JSON's \ud800) and NUL."""
    return _NO_CHARACTER.sub("\ufffd", text)


def _flagged(known: Known) -> Known:
    return replace(known, flags=tuple({*known.flags, "encoding_repaired"}))


def _kind(value: object) -> str:
    names = {
        list: "array",
        str: "string",
        bool: "boolean",
        int: "number",
        float: "number",
        type(None): "null",
        dict: "object",
    }
    return names.get(type(value), type(value).__name__)


def _how_to_map(row: dict[str, Any], rules: SourceRules) -> str:
    has = ", ".join(sorted(str(k)[:40] for k in row)[:12]) or "none"
    wanted = rules.fields.get("text")
    missing = f"no field `{wanted}`" if wanted else f"no text field ({', '.join(FIELD_ALIASES['text'])})"
    return f"The object has {missing}; its fields are: {has}. Set `fields: {{text: NAME}}` for source `{rules.name}`."
