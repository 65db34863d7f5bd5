with

statements as (
    select * from {{ ref('statements_counted') }}
    where source_kind in ('anonymous', 'role_only', 'collective') and speaker_actor_id is null
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
    inner join {{ ref('statement_spans') }} as found
        on
            statements.statement_id = found.statement_id
            and statements.ingest_date = found.ingest_date
    where found.span_kind = 'source'
    group by statements.statement_id
)

select
    statements.outlet_id,
    statements.outlet,
    statements.source_kind,
    spans.source,
    count(*) filter (statements.is_counted) as n_statements,
    count(*) filter (statements.is_counted and statements.statement_type <> 'indirect') as n_with_quotes,
    count(distinct statements.article_id) filter (statements.is_counted) as n_articles,
    count(distinct coalesce(statements.near_dup_group, statements.article_id)) filter (statements.is_counted)
        as n_stories,
    {{ left_out() }},
    min(statements.on_date) filter (statements.is_counted) as first_on,
    max(statements.on_date) filter (statements.is_counted) as last_on
from statements
inner join spans on statements.statement_id = spans.statement_id
group by statements.outlet_id, statements.outlet, statements.source_kind, spans.source
