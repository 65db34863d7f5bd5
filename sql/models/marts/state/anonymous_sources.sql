with

days as (
    select * from {{ ref('unnamed_days') }}
)

select
    outlet_id,
    outlet,
    anonymity,
    source_kind,
    source,
    sum(n_statements)::bigint as n_statements,
    sum(n_with_quotes)::bigint as n_with_quotes,
    sum(n_articles)::bigint as n_articles,
    sum(n_articles)::bigint as n_stories,
    {{ left_out_of_days() }},
    min(first_on) as first_on,
    max(last_on) as last_on
from days
group by outlet_id, outlet, anonymity, source_kind, source
