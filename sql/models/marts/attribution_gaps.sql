with

-- Statements without a source are of tier extended, and copies count for the outlet that printed them, so the default
-- counts would hide what is asked here; whatever is not clear, whole and at first hand stays out as it does there.
statements as (
    select
        * replace (
            case
                when section <> 'body' then 'section'
                when polarity <> 'asserted' then 'polarity'
                when depth > 0 then 'nested'
                else {{ uncounted_version('is_retracted', 'quality_flags') }}
            end as excluded_reason
        ),
        speaker_actor_id is null and source_kind <> 'unattributed' as is_unresolved,
        attribution_method in ('pronoun', 'elided_subject', 'carried_forward') as is_inferred
    from {{ ref('statements_counted') }}
)

select
    outlet_id,
    outlet,
    count(*) filter (excluded_reason is null) as n_statements,
    {{ left_out() }},
    avg((source_kind = 'unattributed')::integer) filter (excluded_reason is null) as share_unattributed,
    avg((source_kind in ('anonymous', 'role_only'))::integer) filter (excluded_reason is null) as share_anonymous,
    avg((source_kind = 'collective')::integer) filter (excluded_reason is null) as share_collective,
    avg(is_unresolved::integer) filter (excluded_reason is null) as share_unresolved,
    avg(is_inferred::integer) filter (excluded_reason is null) as share_inferred_speaker
from statements
group by outlet_id, outlet
