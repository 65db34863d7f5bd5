-- Which anonymous officials were quoted, where, and how often?
-- Sources as printed; a name is withheld (anonymous), or only a role or a group is given.
select
    outlet,
    source,
    source_kind,
    n_statements,
    n_with_quotes,
    n_stories,
    n_excluded,
    last_on
from mart.anonymous_sources
where regexp_matches(source, 'official|minist|diplomat|commander|spokes')
order by n_statements desc, outlet asc, source asc
limit 20
