with recursive

links as (
    select * from {{ ref('stg_state__entity_actors') }}
),

actors as (
    select
        actor_id,
        merged_into
    from {{ ref('actors') }}
),

-- A correction may merge an actor into one that was merged itself: follow to the end. UNION, unlike UNION ALL, also
-- ends where merges go round in a circle.
steps as (
    select
        actor_id,
        merged_into
    from actors
    where merged_into is not null
    union
    select
        steps.actor_id,
        actors.merged_into
    from steps
    inner join actors on steps.merged_into = actors.actor_id
    where actors.merged_into is not null
),

targets as (
    select
        steps.actor_id,
        steps.merged_into as target_id
    from steps
    left join actors on steps.merged_into = actors.actor_id
    where actors.merged_into is null
)

select
    links.ingest_date,
    links.entity_id,
    coalesce(targets.target_id, links.actor_id) as actor_id,
    links.confidence,
    links.method
from links
left join targets on links.actor_id = targets.actor_id
