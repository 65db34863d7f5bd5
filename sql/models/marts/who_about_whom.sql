with

statements as (
    select * from {{ ref('statements_counted') }}
    where speaker_actor_id is not null
),

targets as (
    select * from {{ ref('statement_targets') }}
),

actors as (
    select * from {{ ref('actors') }}
)

select
    statements.speaker_actor_id,
    statements.speaker,
    targets.target_kind,
    targets.actor_id as target_actor_id,
    actors.canonical_name as target,
    coalesce(statements.cue_class, 'none') as cue_class,
    count(*) filter (statements.is_counted) as n_statements,
    {{ left_out() }},
    count(distinct statements.article_id) filter (statements.is_counted) as n_articles,
    count(distinct statements.outlet_id) filter (statements.is_counted) as n_outlets,
    min(statements.on_date) filter (statements.is_counted) as first_on,
    max(statements.on_date) filter (statements.is_counted) as last_on
from statements
inner join targets on statements.statement_id = targets.statement_id
inner join actors on targets.actor_id = actors.actor_id
where targets.actor_id <> statements.speaker_actor_id
group by
    statements.speaker_actor_id,
    statements.speaker,
    targets.target_kind,
    targets.actor_id,
    actors.canonical_name,
    coalesce(statements.cue_class, 'none')
