"""An IPTC ninjs item (news in JSON), versions 1 to 3 -> a `Document`.

Covers telling such an item from other JSON by its contents, and where it keeps what we know. For other JSON, see
`json_lines`; for HTML bodies, see `html`.

Source: https://www.iptc.org/std/ninjs/. Names of properties changed case between versions, so case does not count.
`uri` is the article's id, `version` and `versioncreated` are those of its latest change; of `pubstatus`, "canceled"
withdraws the article, and "withheld" is not for publication. `located` is where the story was written, which is no
printed dateline: it only helps to recognise one.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.core.documents.compose import Known, compose
from pipelines.core.documents.model import UNDATED, Document, Ignored, Published, Record, Refused, SourceRules
from pipelines.core.documents.paragraph_kinds import split_names
from pipelines.core.documents.publication_dates import parse_date

_MARKS = frozenset(("pubstatus", "versioncreated", "representationtype", "usageterms", "copyrightholder", "altids"))
_BODY_NAMES = ("body_text", "body_xhtml", "body_html")
_TEXT_TYPES = ("text", "component", "")
_NO_CHARACTER = re.compile("[\ud800-\udfff\x00]")
_ANY_TAG = re.compile(r"<(?:p|div|h[1-6]|br|article|body|html)\b[^>]*>", re.IGNORECASE)


def is_ninjs(row: dict[str, Any]) -> bool:
    """Whether an object is a ninjs item: it says so, or has an id and at least one property that only ninjs has."""
    low = {name.lower(): value for name, value in row.items()}
    standard = low.get("standard")
    if isinstance(standard, dict) and str(standard.get("name", "")).lower() == "ninjs":
        return True
    return isinstance(low.get("uri"), str) and bool(_MARKS & low.keys())


def read_item(row: dict[str, Any], record: Record, rules: SourceRules, *, is_repaired: bool) -> Document:
    """Read an item.

    Raises:
        Refused: parse/missing_field where it has no text, or what `html.read_html_text` raises for an HTML body.
        Ignored: it is a picture, a sound or a film, or withheld from publication.
    """
    low = {name.lower(): value for name, value in row.items()}
    kind, status = (_text(low.get(name)).lower() for name in ("type", "pubstatus"))
    if kind not in _TEXT_TYPES:
        raise Ignored(f"ninjs_{kind}" if kind.isidentifier() else "ninjs_no_text")
    if status == "withheld":
        raise Ignored("withheld")
    is_canceled = status in ("canceled", "cancelled")
    headline, (body, is_html) = _headline(low), _body(low)
    if not body and is_canceled:  # a notice that an article is withdrawn may say no more than that
        body, is_html = _text(low.get("ednote")) or headline, False
    if not body:
        have = ", ".join(sorted(name[:40] for name in row)[:12])
        raise Refused("parse", "missing_field", f"The ninjs item has no body (body_text, body_html, bodies): {have}.")
    known = _known(low, rules, headline, is_canceled=is_canceled, is_repaired=is_repaired or "\ufffd" in body)
    if is_html:
        from pipelines.core.documents.html import read_html_text  # heavy, only where there is HTML

        return read_html_text(f"<html><body><article>{body}</article></body></html>", record, rules, known)
    return compose(body, known, record, rules, guess=True)


def _known(low: dict[str, Any], rules: SourceRules, headline: str, *, is_canceled: bool, is_repaired: bool) -> Known:
    byline = _flat(low.get("byline") or low.get("by")) or None
    created = next((low[n] for n in ("firstcreated", "contentcreated", "versioncreated") if low.get(n)), None)
    return Known(
        supplied_id=_text(low.get("uri")) or None,
        outlet_name=_flat(low.get("copyrightholder")) or None,
        headline=headline or None,
        byline=byline,
        authors=split_names(byline) if byline else (),
        language=_text(low.get("language")) or None,
        published=_date(created, rules),
        updated_at=_date(low.get("versioncreated"), rules).at,
        dateline=_flat(low.get("dateline") or low.get("located")) or None,
        flags=("encoding_repaired",) if is_repaired else (),
        is_retracted=is_canceled,
    )


def _headline(low: dict[str, Any]) -> str:
    """Return the headline; of several the main one, else the first."""
    single = _flat(low.get("headline"))
    many = [h for h in low.get("headlines") or () if isinstance(h, dict)] if not single else []
    main = [h for h in many if _text(h.get("role")).lower() in ("main", "")]
    return single or next((_flat(h.get("value")) for h in (*main, *many)), "")


def _body(low: dict[str, Any]) -> tuple[str, bool]:
    """Return the text, and whether it is HTML; plain text goes before its marked-up twin."""
    for name in (*_BODY_NAMES, *(n for n in sorted(low) if n.startswith("body_") and n not in _BODY_NAMES)):
        if _text(low.get(name)):
            return _text(low[name]), name != "body_text" and _is_html(_text(low[name]))
    bodies = low.get("bodies")
    items = [b for b in bodies if isinstance(b, dict)] if isinstance(bodies, list) else []
    found = [(_text(_of(b, "contenttype")).lower(), _text(b.get("value"))) for b in items if _text(b.get("value"))]
    for kind, value in sorted(found, key=lambda f: "plain" not in f[0]):
        return value, "plain" not in kind and ("html" in kind or _is_html(value))
    return "", False


def _is_html(value: str) -> bool:
    return _ANY_TAG.search(value) is not None


def _of(item: dict[str, Any], name: str) -> object:
    return next((value for key, value in item.items() if key.lower() == name), None)


def _date(value: object, rules: SourceRules) -> Published:
    return parse_date(value, rules.timezone, "supplied") if value else UNDATED


def _text(value: object) -> str:
    return _NO_CHARACTER.sub("\ufffd", value).strip() if isinstance(value, str) else ""


def _flat(value: object) -> str:
    return " ".join(_text(value).split())
