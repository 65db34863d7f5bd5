-- What did the most quoted person say, in order, and where does each word stand?
-- text_at_offsets is cut out of the stored article; is_match says that it is what the row holds.
with

person as (
    select speaker_actor_id
    from mart.speaker_counts
    where speaker_type = 'person'
    order by n_statements desc, speaker asc
    limit 1
)

select
    timeline.on_date,
    timeline.outlet,
    timeline.cue_text as cue,
    evidence.text_at_offsets,
    evidence.char_start,
    evidence.char_end,
    evidence.is_match
from mart.actor_timeline as timeline
inner join person on timeline.speaker_actor_id = person.speaker_actor_id
inner join mart.evidence as evidence
    on
        timeline.statement_id = evidence.statement_id
        and evidence.span_kind = 'content'
where timeline.is_counted
order by timeline.on_date asc nulls last, timeline.outlet asc, timeline.version_id asc, evidence.char_start asc
limit 12
