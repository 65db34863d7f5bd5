-- What did the most quoted person say, in order, and where does each word stand?
-- text_at_offsets is cut out of the stored article, as in mart.evidence; is_match: it is what the row holds.
with

said as (
    select *
    from mart.statements_counted
    where
        is_counted
        and speaker_actor_id = (
            select counts.speaker_actor_id
            from mart.speaker_counts as counts
            where counts.speaker_type = 'person'
            order by counts.n_statements desc, counts.speaker asc
            limit 1
        )
    order by on_date asc nulls last, outlet asc, version_id asc, sentence_no asc, statement_id asc
    limit 12
)

select
    said.on_date,
    said.outlet,
    said.cue_text as cue,
    substr(versions.text, spans.char_start + 1, spans.char_end - spans.char_start) as text_at_offsets,
    spans.char_start,
    spans.char_end,
    substr(versions.text, spans.char_start + 1, spans.char_end - spans.char_start) = spans.span_text as is_match
from said
inner join core.statement_spans as spans
    on
        said.statement_id = spans.statement_id
        and said.ingest_date = spans.ingest_date
        and spans.span_kind = 'content'
inner join core.version_facts as versions
    on
        said.version_id = versions.version_id
        and said.ingest_date = versions.ingest_date
order by said.on_date asc nulls last, said.outlet asc, said.version_id asc, spans.char_start asc
limit 12
