-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

statements as (
    select * from {{ ref('statement_rows') }}
    where
        is_current
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

targets as (
    select * from {{ ref('target_rows') }}
    where
        target_kind = 'relayed_by'
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

nested as (
    select
        statements.statement_id,
        'statement' as relay_kind,
        parents.speaker_actor_id as relayer_actor_id,
        parents.source_kind = 'unattributed' as is_relayer_unattributed
    from statements
    inner join statements as parents on statements.parent_statement_id = parents.statement_id
),

relays as (
    select * from nested
    union all
    select
        targets.statement_id,
        'source' as relay_kind,
        targets.actor_id as relayer_actor_id,
        false as is_relayer_unattributed
    from targets
    -- The speaker of the statement around it is a source, too, and stands there already.
    anti join nested
        on
            targets.statement_id = nested.statement_id
            and targets.actor_id = nested.relayer_actor_id
)

select
    statements.ingest_date,
    statements.statement_id,
    relays.relay_kind,
    relays.relayer_actor_id,
    relays.is_relayer_unattributed,
    statements.speaker_actor_id as relayed_actor_id,
    statements.source_kind = 'unattributed' as is_relayed_unattributed,
    statements.outlet_id,
    statements.outlet,
    statements.article_id,
    statements.on_date,
    coalesce(statements.cue_class, 'none') as cue_class,
    statements.content_text,
    statements.parent_statement_id,
    statements.depth,
    statements.excluded_reason
from statements
inner join relays on statements.statement_id = relays.statement_id
