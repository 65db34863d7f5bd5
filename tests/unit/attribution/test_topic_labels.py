"""Labels before a colon that name a topic or a place, and no speaker."""

from __future__ import annotations

from pipelines.core.attribution.lead_ins import topic_labels
from pipelines.core.text.sentences import split_paragraphs


def _topics(text: str) -> list[str]:
    paragraphs = split_paragraphs(text)
    return [text[slice(*paragraphs[k])].split(":", maxsplit=1)[0] for k in sorted(topic_labels(text, paragraphs))]


def test_labels_that_never_come_again_are_topics() -> None:
    text = "In brief\n\nCYCLING: Ada Roos broke a wrist.\n\nCHESS: Thuy Cao withdrew.\n\nGOLF: Rain fell."
    assert _topics(text) == ["CYCLING", "CHESS", "GOLF"]


def test_a_label_that_comes_again_or_is_named_is_a_speaker() -> None:
    assert _topics("Hearing\n\nPIKE: Who signed?\n\nOAKDEN: I did.\n\nPIKE: When?\n\nOAKDEN: In May.") == []
    assert _topics("A debate\n\nMrs Pike met the press.\n\nPIKE: We shall win.\n\nThe hall clapped.") == []


def test_a_label_before_a_quotation_is_a_speaker() -> None:
    assert _topics("News\n\nThe tide was high.\n\nLind: “No deal.”\n\nThe boats lay still.") == []
