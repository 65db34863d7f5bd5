with

candidates as (
    select * from {{ ref('statement_entities') }}
),

links as (
    select * from {{ ref('entity_actors') }}
),

corrections as (
    select * from {{ ref('statement_overrides') }}
),

-- Two entities of a version may turn out to be one actor: its best rank stands.
found as (
    select
        candidates.statement_id,
        links.actor_id,
        min(candidates.speaker_rank) as speaker_rank,
        arg_min(candidates.is_joint, row(candidates.speaker_rank, candidates.entity_id)) as is_joint,
        max(candidates.confidence * links.confidence) as confidence,
        arg_min(candidates.method, row(candidates.speaker_rank, candidates.entity_id)) as method
    from candidates
    inner join links on candidates.entity_id = links.entity_id
    anti join corrections on candidates.statement_id = corrections.statement_id
    group by candidates.statement_id, links.actor_id
)

select
    statement_id,
    actor_id,
    speaker_rank,
    is_joint,
    confidence,
    method
from found
union all
select
    statement_id,
    actor_id,
    1 as speaker_rank,
    false as is_joint,
    1.0 as confidence,
    'override' as method
from corrections
