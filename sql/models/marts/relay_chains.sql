with

relays as (
    select
        *,
        null as agency
    from {{ ref('relay_rows') }}
    union all by name
    -- What an article that is credited to an agency says reached print through the agency.
    select
        statement_id,
        'wire' as relay_kind,
        null as relayer_actor_id,
        false as is_relayer_unattributed,
        wire_agency as agency,
        speaker_actor_id as relayed_actor_id,
        source_kind = 'unattributed' as is_relayed_unattributed,
        outlet_id,
        outlet,
        article_id,
        on_date,
        coalesce(cue_class, 'none') as cue_class,
        content_text,
        parent_statement_id,
        depth,
        excluded_reason
    from {{ ref('statement_rows') }}
    where is_current and wire_agency is not null
),

actors as (
    select * from {{ ref('actors') }}
)

select
    relays.statement_id,
    relays.relay_kind,
    relays.relayer_actor_id,
    coalesce(
        relays.agency, {{ speaker_name('relayers.canonical_name', 'relays.is_relayer_unattributed') }}
    ) as relayer,
    relays.relayed_actor_id,
    {{ speaker_name('relayed.canonical_name', 'relays.is_relayed_unattributed') }} as relayed,
    relays.outlet_id,
    relays.outlet,
    relays.article_id,
    relays.on_date,
    relays.cue_class,
    relays.content_text,
    relays.parent_statement_id,
    relays.depth,
    relays.excluded_reason is null as is_counted,
    relays.excluded_reason
from relays
left join actors as relayers on relays.relayer_actor_id = relayers.actor_id
left join actors as relayed on relays.relayed_actor_id = relayed.actor_id
