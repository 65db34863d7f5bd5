"""The body of a page as paragraphs, and the captions of its pictures.

Covers taking the article out of the markup. For metadata, see `html_meta`; for putting the parts together, see `html`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipelines.core.documents.block_quotes import printed
from pipelines.core.documents.body_choice import choose
from pipelines.core.documents.body_features import Hints, n_words
from pipelines.core.documents.html_meta import flat_text
from pipelines.core.documents.model import Refused
from pipelines.core.documents.page_blocks import Block, blocks, flat

_CAPTIONS = ".//figcaption | .//figure//*[contains(@class,'caption')]"
_ASIDE = (
    "ancestor::aside or ancestor::nav or ancestor::footer "
    "or ancestor::*[contains(@class,'related') or contains(@class,'promo')]"
)
_MAX_CAPTIONS = 20
_LINK_LINES = frozenset(("p", "li", "h2", "h3", "h4", "h5"))
_MAX_LINK = 200
_MAX_ARROW = 2
"""Characters beside a link, as of an arrow before it."""
_MAX_TIME_WORDS = 6
_MIN_DECLARED = 40
"""Words of a body in JSON-LD from which it may be the article."""
_MIN_OF_DECLARED = 0.5
"""Share of its words below which what is printed is not the article: the page builds itself by JavaScript."""


@dataclass(frozen=True)
class Body:
    """An article's paragraphs, and whether the readings of its page disagree widely."""

    paragraphs: tuple[str, ...]
    is_unsure: bool


def parse_tree(page: str) -> HtmlElement:
    """Parse a page.

    Raises:
        Refused: parse/no_article, if there is no element in it.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Refused("parse", "no_article", "The page holds no element; look at what was fetched.") from error


def read_body(tree: HtmlElement, hints: Hints, *, is_live: bool = False) -> Body:
    """Return the article of a page as paragraphs, each on one line; none if there is no article.

    Args:
        tree: The page; it is not changed.
        hints: What the page says of its article elsewhere.
        is_live: It is a live blog: the times of its entries stay, each a paragraph before its entry.
    """
    found = blocks(tree)
    choice = choose(tree, found, hints)
    is_body = [is_own and not _leads_elsewhere(b) for b, is_own in zip(found, choice.is_body, strict=True)]
    if is_live:
        is_body = _with_times(found, is_body)
    paragraphs = printed(found, is_body)
    declared = _declared_paragraphs(hints.declared)
    if sum(map(n_words, paragraphs)) < _MIN_OF_DECLARED * sum(map(n_words, declared)):
        return Body(tuple(declared), is_unsure=False)
    return Body(tuple(paragraphs), choice.is_unsure)


def _leads_elsewhere(block: Block) -> bool:
    """Whether a block is a link to another page and nothing else."""
    is_link = block.n_link >= len(block.text) - _MAX_ARROW
    return block.tag in _LINK_LINES and is_link and len(block.text) <= _MAX_LINK


def _with_times(found: Sequence[Block], is_body: Sequence[bool]) -> list[bool]:
    """Add the lines between the first and the last of the body that hold a time and little else."""
    own = [i for i, is_own in enumerate(is_body) if is_own]
    inside = range(own[0] - 1, own[-1]) if own else range(0)
    return [
        is_own or (i in inside and b.has_time and n_words(b.text) <= _MAX_TIME_WORDS)
        for i, (b, is_own) in enumerate(zip(found, is_body, strict=True))
    ]


def _declared_paragraphs(declared: str) -> list[str]:
    """Return the paragraphs of a body that JSON-LD gives; a teaser has none."""
    lines = [flat(line) for line in declared.splitlines()]
    return [line for line in lines if line] if n_words(declared) > _MIN_DECLARED else []


def captions(tree: HtmlElement) -> list[str]:
    """Return the captions of the pictures in the article, in order, each once."""
    roots = tree.xpath("//article[.//p]") or tree.xpath("//main") or [tree]
    out: list[str] = []
    for root in roots[:1]:
        for element in root.xpath(_CAPTIONS)[: _MAX_CAPTIONS * 3]:
            if element.xpath(_ASIDE):
                continue
            text = flat_text(element)
            if 20 <= len(text) <= 600 and " " in text and not any(text in seen or seen in text for seen in out):
                out.append(text)
    return out[:_MAX_CAPTIONS]
