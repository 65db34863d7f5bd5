-- What do the counts leave out, and why?
-- section: headlines and captions; tier: attitudes and unattributed; polarity: supposed, asked, or not said after all.
select
    outlet,
    n_statements + n_excluded as n_statements,
    n_statements as n_counted,
    coalesce(excluded_reasons['section'], 0) as section,
    coalesce(excluded_reasons['tier'], 0) as tier,
    coalesce(excluded_reasons['polarity'], 0) as polarity,
    coalesce(excluded_reasons['nested'], 0) as nested,
    coalesce(excluded_reasons['superseded_copy'], 0) as copies,
    coalesce(excluded_reasons['retracted'], 0) + coalesce(excluded_reasons['quality'], 0) as articles_left_out
from mart.outlet_counts
order by outlet
