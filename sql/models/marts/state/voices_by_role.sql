with

days as (
    select * from {{ ref('speaker_days') }}
),

actors as (
    select * from {{ ref('actors') }}
),

-- The role that most articles give the actor; a tie goes to the one that was seen last.
roles as (
    select
        actor_id,
        arg_max(role_class, row(n_articles, coalesce(last_seen_on, '-infinity'::date), role_id)) as role_class
    from {{ ref('actor_roles') }}
    group by actor_id
),

voices as (
    select
        days.outlet_id,
        days.outlet,
        coalesce(actors.actor_type, 'unknown') as speaker_type,
        roles.role_class,
        sum(days.n_statements)::bigint as n_statements,
        {{ left_out_of_days() }},
        count(distinct days.speaker_actor_id) filter (days.n_statements > 0) as n_speakers
    from days
    left join actors on days.speaker_actor_id = actors.actor_id
    left join roles on days.speaker_actor_id = roles.actor_id
    group by
        days.outlet_id,
        days.outlet,
        coalesce(actors.actor_type, 'unknown'),
        roles.role_class
),

wholes as (
    select
        outlet_id,
        nullif(sum(n_statements), 0) as n_statements
    from voices
    group by outlet_id
)

select
    voices.outlet_id,
    voices.outlet,
    voices.speaker_type,
    voices.role_class,
    voices.n_statements,
    voices.n_excluded,
    voices.excluded_reasons,
    voices.n_speakers,
    voices.n_statements / wholes.n_statements as share
from voices
inner join wholes on voices.outlet_id = wholes.outlet_id
