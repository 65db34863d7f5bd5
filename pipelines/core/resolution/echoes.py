"""A headline that names a speaker by his role alone, and the sentence below it that says the same with his name.

Belongs here: that one look ahead, by the verb that both have. Does not belong here: roles that a text gives a name
(see `anaphora`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.core.resolution.article import Article, Link, Mention
from pipelines.core.text.names import word_set

_HEAD, _REACH = 1, 3
"""The headline and its second line; how many sentences below them are looked at."""
_PLAIN = word_set("say tell add ask be make give call") | {"according to"}
"""Verbs that two sentences may share though they tell of different statements."""

Row = Mapping[str, Any]


def link_echoes(article: Article, statements: Sequence[Row], mentions: Mapping[str, Mention]) -> None:
    """Link "Harbour chief slams toll" to Ana Ruiz where "Ana Ruiz, who runs the port, slammed" follows."""
    spoken = sorted(
        ((m.sentence_no, m.start, row["cue_lemma"], m) for row in statements
         if row["cue_lemma"] and not row["is_attitude"] and (m := mentions.get(row["speaker_mention_id"] or ""))),
        key=lambda s: s[:2],
    )  # fmt: skip
    for i, (no, _, lemma, head) in enumerate(spoken):
        if no > _HEAD or lemma in _PLAIN or not _is_unnamed(article, head):
            continue
        below = [m for at, _, other, m in spoken[i + 1 :] if no < at <= no + _REACH and other == lemma]
        link = article.links.get(below[0].mention_id) if below else None
        if link is not None and _fits(link, head):
            article.link(head, link.entities[:1], "role_ahead")


def _is_unnamed(article: Article, m: Mention) -> bool:
    link = article.links.get(m.mention_id)
    is_role = bool(m.phrase.lemmas & article.reference.role_lemmas) and not m.phrase.indefinite
    return link is not None and link.method == "role_unnamed" and is_role


def _fits(link: Link, head: Mention) -> bool:
    entity = link.entities[0]
    tells_apart = head.phrase.gender and entity.gender and head.phrase.gender != entity.gender
    is_named = entity.actor_type == "person" and " " in entity.name
    return is_named and not link.joint and not tells_apart
