with

-- Statements without a source are of tier extended, and copies count for the outlet that printed them, so the default
-- counts would hide what is asked here; whatever is not clear, whole and at first hand stays out as it does there.
statements as (
    select * from {{ ref('statements_counted') }}
    where
        section = 'body'
        and depth = 0
        and polarity = 'asserted'
        and {{ uncounted_version('is_retracted', 'quality_flags') }} is null
)

select
    outlet_id,
    outlet,
    count(*) as n_statements,
    avg((source_kind = 'unattributed')::integer) as share_unattributed,
    avg((source_kind in ('anonymous', 'role_only'))::integer) as share_anonymous,
    avg((source_kind = 'collective')::integer) as share_collective,
    avg((speaker_actor_id is null and source_kind <> 'unattributed')::integer) as share_unresolved,
    avg((attribution_method in ('pronoun', 'elided_subject', 'carried_forward'))::integer) as share_inferred_speaker
from statements
group by outlet_id, outlet
