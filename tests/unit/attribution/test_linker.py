"""Which content belongs to which cue, with the labels given: a text is written as words and its labels as marks.

In the examples a word is followed by its label: `>` content or source whose cue stands to the right, `<` to the left,
`!` the cue; `s` before it marks a source. Words that are labelled alike one after the other are one span.
"""

from __future__ import annotations

import math
import re

import pytest

from pipelines.core.attribution import LABELS, TaggedParagraph
from pipelines.core.attribution.confidence import FEATURES, Confidence
from pipelines.core.attribution.linker import link
from pipelines.core.text.tokens import tokenize

SURE = Confidence((9.0,) + (0.0,) * (len(FEATURES) - 1))
MARKS = {"!": "cue", "s>": "source-right", "s<": "source-left", ">": "content-right", "<": "content-left"}


def linked(marked: str) -> list[tuple[str, list[str]]]:
    """Return (cue, contents) of each attribution of [words|label] groups."""
    text, spans = "", []
    for words, group, label in re.findall(r"([^\[]*)(?:\[([^|]*)\|([^\]]*)\])?", marked):
        text += words
        if group:
            spans.append((len(text), len(text) + len(group), label))
            text += group
    tokens = tokenize(text)
    labels = ["O"] * len(tokens)
    for start, end, label in spans:
        inside = [i for i, (s, e) in enumerate(tokens) if s >= start and e <= end]
        for n, i in enumerate(inside):
            labels[i] = ("I-" if n else "B-") + MARKS[label]
    scores = tuple(tuple(math.log(0.9 if name == label else 0.01) for name in LABELS) for label in labels)
    found = link(text, TaggedParagraph(tuple(tokens), scores), SURE)
    return [(text[slice(*a.cue[0])], [text[s:e] for s, e in a.content]) for a in found]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (  # the cue between has content of its own: the quote goes on
            "“[We wait|>],” [Lind|s>] [said|!], [hinting|!] at [strikes|<], “[not for long|<].”",
            [("said", ["We wait", "not for long"]), ("hinting", ["strikes"])],
        ),
        (  # it would be left without: the quote is its own
            "“[We wait|>],” [Lind|s>] [sang|!] before [asking|!] her, “[how long|<]?”",
            [("sang", ["We wait"]), ("asking", ["how long"])],
        ),
        (  # what stands between the parts of a quote took in the second part
            "“[When you go|>],” [Lind|s>] [said|!], [citing|!] [the new rent, “you pay for it|<].”",
            [("said", ["When you go", "you pay for it"]), ("citing", ["the new rent"])],
        ),
        (  # a clause with words in quotes stays whole
            "“[It is late|>],” [Lind|s>] [said|!], [adding|!] [that if the ferry sank, “they would pay for it|<].”",
            [("said", ["It is late"]), ("adding", ["that if the ferry sank, “they would pay for it"])],
        ),
        (  # what is spoken of is not what is said
            "“[It is over|>],” [Lind|s>] [said|!] of [the vote|<]. “[For me at least|<].”",
            [("said", ["It is over", "For me at least"])],
        ),
        (  # without a quote it is
            "[Lind|s>] [spoke|!] of [a long winter|<].",
            [("spoke", ["a long winter"])],
        ),
        (  # what both did is one thing that Lind said
            "[Lind|s>] [said|!] [both sides “condemn the raid|<]” and [called for|!] [an end of the blockade|<].",
            [("said", ["both sides “condemn the raid” and called for an end of the blockade"])],
        ),
        (
            "[Lind|s>] [said|!] [the sides condemn the raid|<] and [called for|!] [an end of the blockade|<].",
            [("said", ["the sides condemn the raid"]), ("called for", ["an end of the blockade"])],
        ),
        (  # behind a colon in another sentence somebody else may speak, or nobody
            "[Lind|s>] [said|!], “[I never asked|<].” He was so cross that I changed my mind: “[Of course you did|<].”",
            [("said", ["I never asked"])],
        ),
    ],
)
def test_which_content_is_whose(marked: str, expected: list[tuple[str, list[str]]]) -> None:
    assert linked(marked) == expected
