-- Who is quoted without a name, where, and how often?
-- by_choice: introduced without a name; spokesperson: unnamed, of a body or person that is named. Whom we did not find
-- ("they", "the minister") is in neither: see attribution_gaps.
select
    outlet,
    anonymity,
    source,
    n_statements,
    n_with_quotes,
    n_stories,
    n_excluded,
    last_on
from mart.anonymous_sources
where n_statements > 0
order by anonymity desc, n_statements desc, outlet asc, source asc
limit 25
