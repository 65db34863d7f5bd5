with

statements as (
    select * from {{ ref('statements_counted') }}
    where is_counted and speaker_actor_id is not null
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
    count(*) as n_statements,
    count(distinct statements.article_id) as n_articles,
    count(distinct statements.outlet_id) as n_outlets
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
