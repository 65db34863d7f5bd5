-- What did the most quoted person say first, and where does each word stand?
-- text_at_offsets is cut out of the stored article; is_match says that it is what the row holds. That a row of evidence
-- is of its statement's day lets DuckDB read those days only.
with

person as (
    select speaker_actor_id
    from mart.speaker_counts
    where speaker_type = 'person'
    order by n_statements desc, speaker asc
    limit 1
),

said as (
    select timeline.*
    from mart.actor_timeline as timeline
    inner join person on timeline.speaker_actor_id = person.speaker_actor_id
    where timeline.is_counted
    order by timeline.on_date asc nulls last, timeline.outlet asc, timeline.version_id asc, timeline.statement_id asc
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
        said.ingest_date = evidence.ingest_date
        and said.statement_id = evidence.statement_id
        and evidence.span_kind = 'content'
order by said.on_date asc nulls last, said.outlet asc, said.version_id asc, evidence.char_start asc
