"""Statements, quotes and names of one text as rows of evidence.

Covers which field of a row says what. For the rules behind a field, see `statements`, `names` and `quote_kinds`; for
which statements there are, see `candidates`; for columns and frames, see `frames`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.core.attribution import names, quote_kinds, statements
from pipelines.core.attribution.candidates import Candidate, make_candidate, nested_statements, with_continuations
from pipelines.core.attribution.cueless_quotes import cueless_statements
from pipelines.core.attribution.cues import CueLexicon
from pipelines.core.attribution.document import Document
from pipelines.core.attribution.frames import Rows
from pipelines.core.attribution.interviews import with_answers
from pipelines.core.attribution.judge import Judging
from pipelines.core.attribution.judge_features import marks_of
from pipelines.core.attribution.mentions import Named, find_mentions
from pipelines.core.attribution.model import Attribution, Tagger
from pipelines.core.ids import mk_id
from pipelines.core.text.fold import fold_words
from pipelines.core.text.quotation_marks import Quote
from pipelines.core.text.spans import Span

_SETTING_REACH = 300


class Writer:
    """Writes the rows of one text."""

    def __init__(self, document: Document, lexicon: CueLexicon, judge: Judging, how: str, out: Rows) -> None:
        self.doc = document
        self.text = document.text
        self.lexicon = lexicon
        self.own = lexicon.own
        self.how = how
        self.judge = judge
        self.out = out

    def write(self, found: Sequence[Attribution], named: Sequence[Named] | None, tagger: Tagger) -> None:
        """Write all rows of the text; `found` holds its attributions of depth 0, `named` the names the tagger saw."""
        doc, lexicon = self.doc, self.lexicon
        self._write_sentences()
        read = with_continuations(doc, with_answers(doc, found, self.own) if doc.is_english else found)
        said = [make_candidate(doc, lexicon, a, None if a.cue else "transcript") for a in read]
        said += cueless_statements(doc, lexicon, said, named or ()) if doc.is_english else []
        said.sort(key=lambda s: (s.attribution.content[0], s.attribution.cue))
        said += nested_statements(doc, lexicon, said, tagger)
        said = list({s.statement_id: s for s in reversed(said)}.values())[::-1]
        for s in said:
            self._write_statement(s)
        self._write_quotes(said)
        self._write_mentions(said, named)

    def _write_sentences(self) -> None:
        for number, ((start, end), paragraph) in enumerate(zip(self.doc.sentences, self.doc.paragraph_of, strict=True)):
            self.out.sentences.append(
                {
                    "version_id": self.doc.version_id, "sentence_no": number, "paragraph_no": paragraph,
                    "section": self.doc.section_at(start), "char_start": start, "char_end": end,
                }
            )  # fmt: skip

    # ------------------------------------------------------------ statements

    def _write_statement(self, s: Candidate) -> None:
        a, text = s.attribution, self.text
        cue = a.cue[0] if a.cue else None
        source = a.source[0] if a.source else None
        inner = [(q.inner_start, q.inner_end) for q in self.doc.quotes_in(a.content)]
        kind = statements.statement_type(a.content, inner, text)
        anchor = cue[0] if cue else a.content[0][0]
        section = self.doc.section_at(a.content[0][0])
        sentence_no = self.doc.sentence_no(anchor if cue else a.content[0][0])
        near = text[source[1] : source[1] + 70] if source else ""
        content_text = " ".join(text[b:e] for b, e in a.content)
        norm = fold_words(content_text)
        polarity = statements.polarity(text, cue, s.entry, a.content)
        judged = self.judge(marks_of(text, a, s.entry, s.method, kind, polarity, self.own))
        role = names.analyse_phrase(text, source, self.own).role if source else None
        self.out.statements.append(
            {
                "statement_id": s.statement_id, "version_id": self.doc.version_id, "sentence_no": sentence_no,
                "section": section, "parent_statement_id": s.parent, "depth": s.depth, "statement_type": kind,
                "source_kind": names.source_kind(text, source, near, self.own),
                "speaker_mention_id": mk_id("mention", self.doc.version_id, *source) if source else None,
                "speaker_role_surface": text[role[0] : role[1]] if role else None,
                "attribution_method": s.method, "span_confidence": statements.confidence(a, s.method, judged),
                "is_attitude": s.entry is not None and s.entry.is_attitude,
                "cue_text": text[cue[0] : cue[1]] if cue else None,
                "cue_lemma": s.entry.lemma if s.entry else None, "cue_class": s.entry.cue_class if s.entry else None,
                "polarity": polarity,
                "content_text": content_text, "content_norm": norm,
                "tier": statements.tier(section, s.depth, text, a, s.method, s.entry, kind, judged),
                "lineage_key": mk_id("line", self.doc.lineage, norm), "extraction_id": self.how,
            }
        )  # fmt: skip
        self._write_spans(s, sentence_no, anchor)

    def _write_spans(self, s: Candidate, sentence_no: int, anchor: int) -> None:
        a = s.attribution
        taken = (*a.content, *a.source, *a.cue)
        start, end = self.doc.sentences[sentence_no]
        start, end = max(start, anchor - _SETTING_REACH), min(end, anchor + _SETTING_REACH)
        time, venue = statements.find_setting(self.text, start, end, taken) if a.cue and not s.depth else (None, None)
        to = statements.addressee(self.text, a.cue[0] if a.cue else None, a.content, s.entry)
        by_kind: list[tuple[str, Sequence[Span | None]]] = [
            ("source", a.source), ("cue", a.cue), ("content", a.content), ("addressee", [to]), ("time", [time]),
            ("venue", [venue]),
        ]  # fmt: skip
        for kind, spans in by_kind:
            for number, span in enumerate(x for x in spans if x is not None):
                self.out.spans.append(
                    {
                        "statement_id": s.statement_id, "version_id": self.doc.version_id, "span_kind": kind,
                        "span_no": number, "char_start": span[0], "char_end": span[1], "span_text": self.text[span[0]
                        : span[1]],
                    }
                )  # fmt: skip

    # ------------------------------------------------------------ quotes

    def _write_quotes(self, said: Sequence[Candidate]) -> None:
        host: dict[int, Candidate] = {}
        chains: dict[int, tuple[int, int]] = {}
        for s in said:
            inside = self.doc.quotes_in(s.attribution.content)
            for part, q in enumerate(inside):
                self.out.links.append(
                    {
                        "version_id": self.doc.version_id, "statement_id": s.statement_id, "part_no": part,
                        "quote_id": mk_id("quote", self.doc.version_id, q.start, q.end),
                    }
                )  # fmt: skip
                host.setdefault(q.start, s)
                if len(inside) > 1 and not s.depth:
                    chains.setdefault(q.start, (inside[0].start, part))
        self._chain_unclaimed(chains)
        for q in self.doc.quotes:
            self._write_quote(
                q, host.get(q.start) if q.depth == 0 else None, chains.get(q.start) if q.depth == 0 else None
            )

    def _chain_unclaimed(self, chains: dict[int, tuple[int, int]]) -> None:
        for before, q in pairwise(self.doc.outer):
            if q.continues and q.start not in chains:
                first, part = chains.setdefault(before.start, (before.start, 0))
                chains[q.start] = (first, part + 1)

    def _write_quote(self, q: Quote, s: Candidate | None, chain: tuple[int, int] | None) -> None:
        verbatim = self.text[q.inner_start : q.inner_end]
        norm = fold_words(verbatim)
        self.out.quotes.append(
            {
                "quote_id": mk_id("quote", self.doc.version_id, q.start, q.end), "version_id": self.doc.version_id,
                "sentence_no": self.doc.sentence_no(q.start), "char_start": q.start, "char_end": q.end,
                "inner_start": q.inner_start, "inner_end": q.inner_end, "verbatim": verbatim,
                "open_mark": q.open_mark, "close_mark": q.close_mark, "quote_kind": self._quote_kind(q, s),
                "attribution_method": s.method if s else "none", "text_norm": norm,
                "canonical_quote_id": mk_id("cq", norm), "n_words": len(norm.split()),
                "chain_id": mk_id("chain", self.doc.version_id, chain[0]) if chain else None,
                "chain_part": chain[1] if chain else None, "extraction_id": self.how,
            }
        )  # fmt: skip

    def _quote_kind(self, q: Quote, s: Candidate | None) -> str:
        if self.doc.section_at(q.start) == "headline":
            return "headline"
        guess = quote_kinds.unclaimed_kind(self.text, q)
        if s is None or s.method == "none":
            return guess
        if guess == "title" and not self.doc.is_direct(*s.attribution.content[0]):
            return "title"
        source = s.attribution.source[0] if s.attribution.source else None
        return (
            "written"
            if statements.is_written(s.entry, names.source_kind(self.text, source, "", self.own))
            else "speech"
        )

    # ------------------------------------------------------------ mentions

    def _write_mentions(self, said: Sequence[Candidate], named: Sequence[Named] | None) -> None:
        sources = {span for s in said for span in s.attribution.source[:1]}
        for (start, end), kind in find_mentions(self.doc, sources, named, self.own):
            phrase = names.analyse_phrase(self.text, (start, end), self.own)
            self.out.mentions.append(
                {
                    "mention_id": mk_id("mention", self.doc.version_id, start, end), "version_id": self.doc.version_id,
                    "sentence_no": self.doc.sentence_no(start), "char_start": start, "char_end": end,
                    "surface": self.text[start:end], "mention_kind": phrase.kind, "name_kind": kind,
                    "role_surface": self.text[phrase.role[0] : phrase.role[1]] if phrase.role else None,
                    "extraction_id": self.how,
                }
            )  # fmt: skip
