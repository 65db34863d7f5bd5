-- Which quotes were printed by three outlets or more, and did they name the same speaker?
-- Near wordings (cut, one word changed) count as one quote.
select
    longest_wording,
    n_outlets,
    n_stories,
    n_uses,
    speakers,
    n_unattributed,
    has_conflicting_attribution as conflict
from mart.quote_reuse
where n_outlets >= 3
order by n_outlets desc, n_uses desc, longest_wording asc
limit 20
