-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

statements as (
    select * from {{ ref('statement_rows') }}
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
    speaker_actor_id,
    speaker_actor_id is null and source_kind = 'unattributed' as is_unattributed,
    count(*) filter (excluded_reason is null) as n_statements,
    count(*) filter (excluded_reason is null and statement_type <> 'indirect') as n_with_quotes,
    count(distinct article_id) filter (excluded_reason is null) as n_articles,
    coalesce(sum(length(content_text)) filter (excluded_reason is null), 0)::bigint as content_chars,
    -- Whole numbers, whose sum does not depend on the order of rows.
    coalesce(sum(round(1000000 * attribution_confidence)::bigint) filter (excluded_reason is null), 0)::bigint
        as confidence_millionths,
    {{ left_out_by_reason() }},
    min(on_date) filter (excluded_reason is null) as first_on,
    max(on_date) filter (excluded_reason is null) as last_on
from statements
group by all
