-- How much of what each outlet prints comes from a news agency?
-- Counted statements in articles that are credited to an agency; an agency's own outlet counts, too.
select
    counts.outlet,
    counts.n_statements,
    agencies.agency,
    coalesce(agencies.n_statements, 0) as n_from_agency,
    round(100 * coalesce(agencies.share, 0), 1) as percent_from_agency,
    coalesce(agencies.n_articles, 0) as n_articles
from mart.outlet_counts as counts
left join mart.agency_share as agencies
    on
        counts.outlet_id = agencies.outlet_id
        and agencies.agency is not null
        and agencies.n_statements > 0
where counts.n_statements > 0
order by percent_from_agency desc, counts.outlet asc, agencies.agency asc
limit 20
