-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
-- Statements without a source are of tier extended, and copies count for the outlet that printed them, so the default
-- counts would hide what attribution_gaps asks; whatever is not clear, whole and at first hand stays out as in these.
with

statements as (
    select
        *,
        case
            when section <> 'body' then 'section'
            when polarity <> 'asserted' then 'polarity'
            when depth > 0 then 'nested'
            else {{ uncounted_version('is_retracted', 'quality_flags') }}
        end as gap_reason,
        speaker_actor_id is null and source_kind <> 'unattributed' as is_unresolved,
        not is_corrected and attribution_method in ('pronoun', 'elided_subject', 'carried_forward') as is_inferred,
        coalesce(corrected_source_kind, source_kind) as kind_of_source
    from {{ ref('statement_rows') }}
    where
        is_current
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
)

select
    ingest_date,
    outlet_id,
    outlet,
    wire_agency as agency,
    count(*) filter (excluded_reason is null) as n_statements,
    count(distinct article_id) filter (excluded_reason is null) as n_articles,
    {{ left_out_by_reason() }},
    count(*) filter (gap_reason is null) as n_looked_at,
    {%- for reason in ['section', 'polarity', 'nested', 'retracted', 'quality'] %}
    count(*) filter (gap_reason = '{{ reason }}') as n_gap_{{ reason }},
    {%- endfor %}
    count(*) filter (gap_reason is null and kind_of_source = 'unattributed') as n_unattributed,
    count(*) filter (gap_reason is null and kind_of_source in ('anonymous', 'role_only')) as n_anonymous,
    count(*) filter (gap_reason is null and kind_of_source = 'collective') as n_collective,
    count(*) filter (gap_reason is null and is_unresolved) as n_unresolved,
    count(*) filter (gap_reason is null and is_inferred) as n_inferred
from statements
group by all
