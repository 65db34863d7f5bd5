with

candidates as (
    select * from {{ ref('mention_entities') }}
),

links as (
    select * from {{ ref('entity_actors') }}
)

-- Two entities of a version may turn out to be one actor: its best rank stands.
select
    candidates.mention_id,
    links.actor_id,
    min(candidates.rank) as rank,
    max(candidates.confidence * links.confidence) as confidence,
    arg_min(candidates.method, row(candidates.rank, candidates.entity_id)) as method
from candidates
inner join links on candidates.entity_id = links.entity_id
group by candidates.mention_id, links.actor_id
