with

agencies as (
    select
        outlet_id,
        outlet,
        agency,
        sum(n_statements)::bigint as n_statements,
        sum(n_articles)::bigint as n_articles,
        {{ left_out_of_days() }}
    from {{ ref('outlet_days') }}
    group by outlet_id, outlet, agency
),

wholes as (
    select
        outlet_id,
        nullif(sum(n_statements), 0) as n_statements
    from agencies
    group by outlet_id
)

select
    agencies.outlet_id,
    agencies.outlet,
    agencies.agency,
    agencies.n_statements,
    agencies.n_articles,
    agencies.n_excluded,
    agencies.excluded_reasons,
    agencies.n_statements / wholes.n_statements as share
from agencies
inner join wholes on agencies.outlet_id = wholes.outlet_id
