with

statements as (
    select * from {{ ref('statements_counted') }}
    where is_counted
),

targets as (
    select * from {{ ref('statement_targets') }}
    where target_kind = 'about'
),

actors as (
    select * from {{ ref('actors') }}
),

heard as (
    select
        article_id,
        speaker_actor_id,
        count(*) as n_statements
    from statements
    where speaker_actor_id is not null
    group by article_id, speaker_actor_id
)

select
    statements.statement_id,
    statements.article_id,
    statements.outlet_id,
    statements.outlet,
    statements.headline,
    statements.on_date,
    statements.speaker_actor_id,
    statements.speaker,
    coalesce(statements.cue_class, 'none') as cue_class,
    statements.content_text,
    targets.actor_id as target_actor_id,
    actors.canonical_name as target,
    coalesce(heard.n_statements, 0) as n_replies,
    heard.article_id is not null as is_heard
from statements
inner join targets on statements.statement_id = targets.statement_id
inner join actors on targets.actor_id = actors.actor_id
left join heard
    on
        statements.article_id = heard.article_id
        and targets.actor_id = heard.speaker_actor_id
where targets.actor_id is distinct from statements.speaker_actor_id
