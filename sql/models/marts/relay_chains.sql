with

statements as (
    select * from {{ ref('statements_counted') }}
),

parents as (
    select * from {{ ref('statements_current') }}
),

targets as (
    select * from {{ ref('statement_targets') }}
    where target_kind = 'relayed_by'
),

actors as (
    select * from {{ ref('actors') }}
),

wires as (
    select * from {{ ref('article_versions') }}
    where is_current and wire_agency is not null
),

nested as (
    select
        statements.statement_id,
        'statement' as relay_kind,
        parents.speaker_actor_id as relayer_actor_id,
        parents.speaker as relayer
    from statements
    inner join parents on statements.parent_statement_id = parents.statement_id
),

relays as (
    select * from nested
    union all
    select
        targets.statement_id,
        'source' as relay_kind,
        targets.actor_id as relayer_actor_id,
        actors.canonical_name as relayer
    from targets
    inner join actors on targets.actor_id = actors.actor_id
    -- The speaker of the statement around it is a source, too, and stands there already.
    anti join nested
        on
            targets.statement_id = nested.statement_id
            and targets.actor_id = nested.relayer_actor_id
    union all
    select
        statements.statement_id,
        'wire' as relay_kind,
        null as relayer_actor_id,
        wires.wire_agency as relayer
    from statements
    inner join wires on statements.version_id = wires.version_id
)

select
    statements.statement_id,
    relays.relay_kind,
    relays.relayer_actor_id,
    relays.relayer,
    statements.speaker_actor_id as relayed_actor_id,
    statements.speaker as relayed,
    statements.outlet_id,
    statements.outlet,
    statements.article_id,
    statements.on_date,
    coalesce(statements.cue_class, 'none') as cue_class,
    statements.content_text,
    statements.parent_statement_id,
    statements.depth,
    statements.is_counted,
    statements.excluded_reason
from statements
inner join relays on statements.statement_id = relays.statement_id
