-- Which attributions should a person look at before they are used?
-- The least sure of those counted this week, with how the speaker was found.
select
    outlet,
    speaker,
    attribution_method,
    round(attribution_confidence, 2) as confidence,
    cue_text as cue,
    content_text
from mart.statements_counted
where
    is_counted
    and speaker_actor_id is not null
    and on_date between date '2026-03-02' and date '2026-03-08'
order by confidence asc, outlet asc, content_text asc
limit 10
