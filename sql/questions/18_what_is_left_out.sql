-- What do the counts leave out, and why?
-- section: headlines and captions; tier: attitudes and unattributed; polarity: supposed, asked, or not said after all.
select
    outlet,
    count(*) as n_statements,
    count(*) filter (is_counted) as n_counted,
    count(*) filter (excluded_reason = 'section') as section,
    count(*) filter (excluded_reason = 'tier') as tier,
    count(*) filter (excluded_reason = 'polarity') as polarity,
    count(*) filter (excluded_reason = 'nested') as nested,
    count(*) filter (excluded_reason = 'superseded_copy') as copies,
    count(*) filter (excluded_reason in ('retracted', 'quality')) as articles_left_out
from mart.statements_counted
group by all
order by outlet
