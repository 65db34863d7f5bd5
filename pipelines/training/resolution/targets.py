"""Which candidates of an expression are right, by labels, by coreference, by a pair of names.

Covers comparing candidates with gold. For reading gold, see `corpora`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from pipelines.core.ids import mk_id
from pipelines.core.reference import Reference
from pipelines.core.resolution.entities import Entity, same_name
from pipelines.core.resolution.mentions import Mention
from pipelines.core.resolution.speakers import Choice
from pipelines.core.text.names import fold, is_one_word, ministry_first, surname_key
from pipelines.core.text.spans import Span
from pipelines.evaluation.speakers import MIN_OVERLAP, overlap
from pipelines.training.resolution.corpora import Coreference, Label, Texts

ANONYMOUS = "anonymous:"
_SMALL = frozenset({"the", "a", "an", "of", "for", "from", "by", "in", "to", "at", "on", "with"})
_LOOSE = 6
"""Characters by which a gold mention may be longer than the name in it."""

Target = Callable[[Choice], list[int] | None]
"""The right candidates of an expression; an empty list: none of them is; None: gold says nothing of it."""


def by_labels(texts: Texts, labels: Sequence[Label], reference: Reference) -> Target:
    """Return the target that labels of statements give their sources."""
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for statement, kind, start, end in texts.extraction.statement_spans.sort("span_no").select(
        "statement_id", "span_kind", "char_start", "char_end"
    ).iter_rows():  # fmt: skip
        spans[statement, kind].append((start, end))
    told: dict[str, list[Label]] = defaultdict(list)
    for x in labels:
        if len(x.source) == 1:
            told[x.doc].append(x)
    of_mention: dict[str, Label] = {}
    for statement, doc, mention in texts.extraction.statements.select(
        "statement_id", "version_id", "speaker_mention_id"
    ).iter_rows():  # fmt: skip
        source, content = spans[statement, "source"][:1], spans[statement, "content"]
        label = next((x for x in told[doc] if _meets(x, source, content)), None)
        if label is not None and mention is not None:
            of_mention.setdefault(mention, label)

    def target(choice: Choice) -> list[int] | None:
        label = of_mention.get(choice.mention.mention_id)
        return None if label is None else _of_speaker(choice, label.speaker, reference)

    return target


def _meets(label: Label, source: Sequence[Span], content: Sequence[Span]) -> bool:
    """Tell whether a statement is the labelled one: the same source, and most of the content."""
    return overlap(label.source, source) >= MIN_OVERLAP and overlap(label.content, content) >= MIN_OVERLAP


def _of_speaker(choice: Choice, speaker: str, reference: Reference) -> list[int] | None:
    """Return the candidates of a speaker's name; what a document's body says is the document's, and so not told."""
    if speaker.startswith(ANONYMOUS) or choice.form == "document":
        words = speaker.removeprefix(ANONYMOUS)
        found = [
            i
            for i, e in enumerate(choice.candidates)
            if e is not None and e.actor_type != "person" and describes(e.name, words)
        ]
        own = fold(choice.mention.surface).split()
        if not found and choice.itself >= 0 and (set(own) & set(fold(words).split())) - _SMALL:
            return [choice.itself]
        return found or (None if choice.form == "document" else [])
    parts = speaker.split(" & ")
    if len(parts) > 1:
        return [
            i for i, e in enumerate(choice.candidates) if e is not None and len(e.members) == len(parts)
            and all(any(agreement(p, x, reference) for x in e.members) for p in parts)
        ]  # fmt: skip
    scores = [agreement(speaker, e, reference) if e is not None and not e.members else 0 for e in choice.candidates]
    return [i for i, score in enumerate(scores) if score == max(scores)] if max(scores) else []


def describes(name: str, words: str) -> bool:
    """Tell whether a description is the same as another, or bare of its modifiers: spokesman, a port spokesman."""
    ours, theirs = set(fold(name).split()) - _SMALL, fold(words).split()
    head = next((w for i, w in enumerate(theirs) if i + 1 == len(theirs) or (theirs[i + 1] in _SMALL and i)), "")
    return bool(ours) and (set(theirs) - _SMALL <= ours or (ours <= set(theirs) and head in ours))


def agreement(name: str, e: Entity, reference: Reference) -> int:
    """Return how well a name fits an entity: 3 the same, 2 one person's full names, 1 a short form, 0 not at all."""
    words = fold(name).removeprefix("the ").split()
    while len(words) > 1 and words[0] in reference.honorifics and not reference.honorifics[words[0]].keeps:
        words = words[1:]
    folded = ministry_first(" ".join(words))
    if folded in {ministry_first(fold(n)) for n in (e.name, *e.names)}:
        return 3
    known = reference.find(name)
    if known is not None and e.known is not None:
        return 3 if known is e.known else 0
    if not e.may_be_person:
        return 0
    if same_name(folded, e.name_norm, reference):
        return 2
    one, many = sorted((folded, e.name_norm), key=lambda n: len(n.split()))
    short = is_one_word(one) and not is_one_word(many)
    return int(short and (surname_key(many) == one or many.split()[0] == one or one in many.split()))


def by_coreference(gold: dict[str, Coreference]) -> Target:
    """Return the target that gold entities give: the candidate whose mentions are mostly those of the same entity."""
    asked = {
        mk_id("mention", doc, *span): (doc, span) for doc, g in gold.items() for span in g.asked
    }  # fmt: skip
    spans = {doc: sorted(g.entity_of.items()) for doc, g in gold.items()}

    def entity_of(doc: str, p: Mention) -> str | None:
        exact = gold[doc].entity_of.get((p.start, p.end))
        if exact is not None:
            return exact
        round_it = [
            (end - start, entity) for (start, end), entity in spans[doc]
            if start <= p.start and p.end <= end
            and (end == p.end or start == p.start or end - start <= p.end - p.start + _LOOSE)
        ]  # fmt: skip
        return min(round_it, default=(0, None), key=lambda x: x[0])[1]

    def target(choice: Choice) -> list[int] | None:
        at = asked.get(choice.mention.mention_id)
        if at is None:
            return None
        doc, span = at
        wanted = gold[doc].entity_of[span]
        found = []
        for i, e in enumerate(choice.candidates):
            votes = (
                Counter(v for p in e.places if (v := entity_of(doc, p)) is not None)
                if e is not None
                else Counter[str]()
            )
            if votes and votes.most_common(1)[0][0] == wanted:
                found.append(i)
        nobody = [len(choice.candidates) - 1] if choice.form in ("it", "they") else []
        return found or ([choice.itself] if choice.itself >= 0 else nobody)

    return target


def by_pairs(rows: Sequence[dict[str, Any]]) -> Target:
    """Return the target of gap: the name that the pronoun stands for, else whoever is neither of the two."""
    at = {}
    for r in rows:
        start = int(r["Pronoun-offset"])
        at[mk_id("mention", r["ID"], start, start + len(r["Pronoun"]))] = r

    def target(choice: Choice) -> list[int] | None:
        row = at.get(choice.mention.mention_id)
        if row is None:
            return None
        a, b = (holders(choice, row, name) for name in "AB")
        if row["A-coref"] == "TRUE":
            return [i for i in a if i not in b]
        if row["B-coref"] == "TRUE":
            return [i for i in b if i not in a]
        return [i for i in range(len(choice.candidates)) if i not in (*a, *b)]

    return target


def holders(choice: Choice, row: dict[str, Any], name: str) -> list[int]:
    """Return the candidates that a name of a row of gap is a mention of."""
    start = int(row[f"{name}-offset"])
    end = start + len(row[name])
    return [
        i for i, e in enumerate(choice.candidates)
        if e is not None
        and any((p.start <= start and end <= p.end) or (start <= p.start and p.end <= end) for p in e.places)
    ]  # fmt: skip
