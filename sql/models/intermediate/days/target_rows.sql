-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

targets as (
    select * from {{ ref('statement_target_entities') }}
    {%- if is_incremental() %}
    where {{ in_due_days() }}
    {%- endif %}
),

links as (
    select * from {{ ref('entity_actors') }}
    {%- if is_incremental() %}
    where {{ in_due_days() }}
    {%- endif %}
)

-- Two entities of a version may turn out to be one actor: it is one target.
select
    targets.ingest_date,
    targets.statement_id,
    targets.target_kind,
    links.actor_id,
    bool_and(targets.is_inferred) as is_inferred,
    arg_min(targets.mention_id, row(targets.is_inferred, targets.entity_id)) as mention_id
from targets
inner join links on targets.entity_id = links.entity_id
group by targets.ingest_date, targets.statement_id, targets.target_kind, links.actor_id
