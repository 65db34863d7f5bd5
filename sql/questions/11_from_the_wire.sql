-- How much of what each outlet prints comes from a news agency?
-- Counted statements in articles that are credited to an agency; an agency's own outlet counts, too.
with

wholes as (
    select
        outlet_id,
        outlet,
        count(*) as n_statements
    from mart.statements_counted
    where is_counted
    group by all
),

wires as (
    select
        outlet_id,
        relayer as agency,
        count(*) as n_from_agency,
        count(distinct article_id) as n_articles
    from mart.relay_chains
    where is_counted and relay_kind = 'wire'
    group by all
)

select
    wholes.outlet,
    wholes.n_statements,
    wires.agency,
    coalesce(wires.n_from_agency, 0) as n_from_agency,
    round(100 * coalesce(wires.n_from_agency, 0) / wholes.n_statements, 1) as percent_from_agency,
    coalesce(wires.n_articles, 0) as n_articles
from wholes
left join wires on wholes.outlet_id = wires.outlet_id
order by percent_from_agency desc, wholes.outlet asc, wires.agency asc
limit 20
