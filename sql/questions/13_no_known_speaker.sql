-- How much does each outlet print without a speaker whom we know?
-- Of all statements in the body, also those of tier extended and copies.
select
    outlet,
    n_statements,
    round(100 * share_unattributed, 1) as percent_no_source,
    round(100 * share_anonymous, 1) as percent_anonymous,
    round(100 * share_collective, 1) as percent_groups,
    round(100 * share_unresolved, 1) as percent_unresolved,
    round(100 * share_inferred_speaker, 1) as percent_inferred,
    n_excluded
from mart.attribution_gaps
order by percent_unresolved desc, outlet asc
