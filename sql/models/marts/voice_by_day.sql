with

statements as (
    select * from {{ ref('statements_counted') }}
),

voices as (
    select
        on_date,
        speaker_actor_id,
        speaker,
        count(*) filter (is_counted) as n_statements,
        count(distinct coalesce(near_dup_group, article_id)) filter (is_counted) as n_stories,
        count(distinct outlet_id) filter (is_counted) as n_outlets,
        {{ left_out() }}
    from statements
    group by on_date, speaker_actor_id, speaker
)

-- The whole is a window over days, through which a question about some days reads these alone.
select
    on_date,
    speaker_actor_id,
    speaker,
    n_statements,
    n_excluded,
    excluded_reasons,
    n_stories,
    n_outlets,
    (sum(n_statements) over of_day)::bigint as n_statements_of_day,
    n_statements / nullif(sum(n_statements) over of_day, 0) as share
from voices
window of_day as (partition by on_date)
qualify speaker_actor_id is not null
