with

statements as (
    select * from {{ ref('statements_counted') }}
),

actors as (
    select
        on_date,
        speaker_actor_id,
        speaker,
        count(*) filter (is_counted) as n_statements,
        count(distinct coalesce(near_dup_group, article_id)) filter (is_counted) as n_stories,
        count(distinct outlet_id) filter (is_counted) as n_outlets,
        {{ left_out() }}
    from statements
    where speaker_actor_id is not null
    group by on_date, speaker_actor_id, speaker
),

days as (
    select
        on_date,
        count(*) filter (is_counted) as n_statements
    from statements
    group by on_date
)

select
    actors.on_date,
    actors.speaker_actor_id,
    actors.speaker,
    actors.n_statements,
    actors.n_excluded,
    actors.excluded_reasons,
    actors.n_stories,
    actors.n_outlets,
    days.n_statements as n_statements_of_day,
    actors.n_statements / nullif(days.n_statements, 0) as share
from actors
inner join days on actors.on_date is not distinct from days.on_date
