with

outlets as (
    select
        outlet_id,
        outlet,
        sum(n_looked_at)::bigint as n_statements,
        {%- for reason in ['nested', 'polarity', 'quality', 'retracted', 'section'] %}
        sum(n_gap_{{ reason }})::bigint as n_{{ reason }},
        {%- endfor %}
        sum(n_unattributed) as n_unattributed,
        sum(n_anonymous) as n_anonymous,
        sum(n_collective) as n_collective,
        sum(n_unresolved) as n_unresolved,
        sum(n_inferred) as n_inferred
    from {{ ref('outlet_days') }}
    group by outlet_id, outlet
)

select
    outlet_id,
    outlet,
    n_statements,
    n_nested + n_polarity + n_quality + n_retracted + n_section as n_excluded,
    {{ counts_by_reason('n_', '', ['nested', 'polarity', 'quality', 'retracted', 'section']) }} as excluded_reasons,
    {%- for what in ['unattributed', 'anonymous', 'collective', 'unresolved'] %}
    n_{{ what }} / nullif(n_statements, 0) as share_{{ what }},
    {%- endfor %}
    n_inferred / nullif(n_statements, 0) as share_inferred_speaker
from outlets
