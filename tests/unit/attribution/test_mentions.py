"""Mentions: the rules' phrases, and what the tagger's head for names adds and takes away."""

from __future__ import annotations

from pipelines.core.attribution import OwnWords
from pipelines.core.attribution.document import Document
from pipelines.core.attribution.mentions import Named, find_mentions

from .helpers import frame, run

TEXT = "Look, Sen. Ana Ruiz of Lind Motors said so. Lind paid Ruiz. Tell nobody, iPod owners."


def found(named: list[tuple[str, str]] | None, sources: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    doc = Document.read(frame({"v": TEXT}).row(0, named=True))
    spans: list[Named] | None = None
    if named is not None:
        at = 0
        spans = []
        for words, kind in named:
            at = TEXT.index(words, at)
            spans.append((at, at + len(words), kind))
    where = {(TEXT.index(s), TEXT.index(s) + len(s)) for s in sources}
    return [(TEXT[s:e], kind) for (s, e), kind in find_mentions(doc, where, spans, OwnWords())]


def test_without_a_head_the_rules_decide_and_no_kind_is_known() -> None:
    assert found(None) == [
        ("Look", None), ("Sen. Ana Ruiz of Lind Motors", None), ("Lind", None), ("Ruiz", None), ("Tell", None),
    ]  # fmt: skip


def test_the_head_takes_away_what_is_no_name_parts_two_names_and_tells_kinds() -> None:
    named = [("Ana Ruiz", "person"), ("Lind Motors", "organization"), ("Ruiz", "person"), ("iPod", "organization")]
    assert found(named) == [
        ("Ana Ruiz", "person"), ("Lind Motors", "organization"), ("Lind", None), ("Ruiz", "person"),
        ("iPod", "organization"),
    ]  # fmt: skip


def test_a_source_is_a_mention_whatever_it_is() -> None:
    assert ("nobody", None) in found([], sources=("nobody",))


def test_the_model_s_head_for_names_fills_the_column() -> None:
    mentions = run("Sen. Petra Lunn told the Vessen Chamber of Commerce on Friday that the bridge was unsafe.").mentions
    kinds = dict(mentions.select("surface", "name_kind").iter_rows())
    assert kinds["Sen. Petra Lunn"] == "person"
    assert "organization" in kinds.values()


def test_a_participle_at_the_head_of_a_sentence_is_no_first_name() -> None:
    text = "Hosting Lunn is a dream. King Harald came."
    doc = Document.read(frame({"v": text}).row(0, named=True))
    named = [(8, 12, "person"), (text.index("Harald"), text.index("Harald") + 6, "person")]
    assert [text[s:e] for (s, e), _ in find_mentions(doc, (), named, OwnWords())] == ["Lunn", "King Harald"]
