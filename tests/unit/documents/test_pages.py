"""Made-up pages in the shapes of real sites: every field of every page exactly as people would write it down."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.core.documents.model import Document
from pipelines.core.documents.quality import body_of
from tests.unit.documents.helpers import cut, page

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "pages"
GOLD: dict[str, dict[str, Any]] = json.loads((FOLDER / "gold.json").read_text(encoding="utf-8"))
FIELDS = sorted({name for gold in GOLD.values() for name in gold} - {"body_starts", "body_ends", "lacks"})


@cache
def read(name: str) -> Document:
    return page((FOLDER / f"{name}.html").read_text(encoding="utf-8"))


def value(document: Document, field: str) -> Any:  # noqa: ANN401  the fields differ
    if field == "captions":
        return cut(document, "caption")
    of, name = (document.published, field[10:]) if field.startswith("published_") else (document, field)
    found = getattr(of, name)
    if isinstance(found, datetime):
        return found.isoformat().replace("+00:00", "Z")
    return list(found) if isinstance(found, tuple) else found if found is None else str(found)


def test_there_is_a_gold_for_every_page() -> None:
    assert sorted(GOLD) == sorted(p.stem for p in FOLDER.glob("*.html"))
    assert len(GOLD) >= 60


@pytest.mark.parametrize("name", sorted(GOLD))
def test_every_field_is_right(name: str) -> None:
    gold = GOLD[name]
    found = {field: value(read(name), field) for field in FIELDS if field in gold}
    assert found == {field: gold[field] for field in FIELDS if field in gold}


@pytest.mark.parametrize("name", sorted(GOLD))
def test_the_body_is_the_article_and_nothing_else(name: str) -> None:
    document, gold = read(name), GOLD[name]
    body = body_of(document.text, document.sections).strip()
    assert body.startswith(gold["body_starts"])
    assert body.endswith(gold["body_ends"])
    assert not [words for words in gold["lacks"] if words in document.text]
