-- How many denials, warnings, promises and admissions were there, day by day?
-- The day on which it was said; where the text does not say, of publication.
select
    on_date,
    coalesce(sum(n_statements) filter (cue_class = 'deny'), 0)::bigint as denials,
    coalesce(sum(n_statements) filter (cue_class = 'warn'), 0)::bigint as warnings,
    coalesce(sum(n_statements) filter (cue_class = 'promise'), 0)::bigint as promises,
    coalesce(sum(n_statements) filter (cue_class in ('reveal', 'admit')), 0)::bigint as admissions,
    sum(n_statements)::bigint as n_statements,
    sum(n_excluded)::bigint as n_excluded
from mart.speech_acts_by_day
where on_date between date '2026-03-02' and date '2026-03-08'
group by all
order by on_date
