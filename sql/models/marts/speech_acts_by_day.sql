with

statements as (
    select * from {{ ref('statements_counted') }}
)

select
    on_date,
    coalesce(cue_class, 'none') as cue_class,
    speaker_actor_id,
    speaker,
    speaker_country,
    count(*) filter (is_counted) as n_statements,
    {{ left_out() }},
    count(distinct coalesce(near_dup_group, article_id)) filter (is_counted) as n_stories,
    count(distinct outlet_id) filter (is_counted) as n_outlets
from statements
group by on_date, coalesce(cue_class, 'none'), speaker_actor_id, speaker, speaker_country
