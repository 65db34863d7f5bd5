-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

statements as (
    select * from {{ ref('statement_rows') }}
    where
        is_current
        and anonymity in ('by_choice', 'spokesperson')
        and speaker_actor_id is null
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

found as (
    select * from {{ ref('statement_spans') }}
    where
        span_kind = 'source'
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

-- Joined first, so that only the few spans of such statements are brought together.
spans as (
    select
        statements.statement_id,
        regexp_replace(
            regexp_replace(lower(string_agg(found.span_text, ' ' order by found.span_no)), '\s+', ' ', 'g'),
            '^(a|an|the|one|another|some) ', ''
        ) as source
    from statements
    inner join found on statements.statement_id = found.statement_id
    group by statements.statement_id
)

select
    statements.ingest_date,
    statements.outlet_id,
    statements.outlet,
    statements.anonymity,
    statements.source_kind,
    spans.source,
    count(*) filter (statements.excluded_reason is null) as n_statements,
    count(*) filter (statements.excluded_reason is null and statements.statement_type <> 'indirect') as n_with_quotes,
    count(distinct statements.article_id) filter (statements.excluded_reason is null) as n_articles,
    {{ left_out_by_reason() }},
    min(statements.on_date) filter (statements.excluded_reason is null) as first_on,
    max(statements.on_date) filter (statements.excluded_reason is null) as last_on
from statements
inner join spans on statements.statement_id = spans.statement_id
group by all
