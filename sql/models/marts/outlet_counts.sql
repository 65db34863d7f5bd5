select
    outlet_id,
    outlet,
    sum(n_statements)::bigint as n_statements,
    sum(n_articles)::bigint as n_articles,
    {{ left_out_of_days() }}
from {{ ref('outlet_days') }}
group by outlet_id, outlet
