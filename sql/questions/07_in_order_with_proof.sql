-- What did the most quoted person say, in order, and where does each word stand?
-- text_at_offsets is cut out of the stored article; is_match says that it is what the row holds.
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
    evidence.text_at_offsets,
    evidence.char_start,
    evidence.char_end,
    evidence.is_match
from said
inner join mart.evidence as evidence
    on
        said.statement_id = evidence.statement_id
        and said.version_id = evidence.version_id
        and said.ingest_date = evidence.ingest_date
        and evidence.span_kind = 'content'
order by said.on_date asc nulls last, said.outlet asc, said.version_id asc, evidence.char_start asc
limit 12
