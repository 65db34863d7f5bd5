-- How many women and men are quoted, by outlet and day?
-- As the texts tell it (he, Ms, spokeswoman), never by a given name; of whom they do not tell it is in not_told.
select
    outlet,
    on_date,
    coalesce(sum(n_statements) filter (speaker_gender = 'female'), 0)::bigint as by_women,
    coalesce(sum(n_statements) filter (speaker_gender = 'male'), 0)::bigint as by_men,
    coalesce(sum(n_speakers) filter (speaker_gender = 'female'), 0)::bigint as women,
    coalesce(sum(n_speakers) filter (speaker_gender = 'male'), 0)::bigint as men,
    coalesce(sum(n_speakers) filter (speaker_gender is null), 0)::bigint as not_told,
    round(100 * coalesce(sum(share) filter (speaker_gender is null), 0), 1) as percent_not_told,
    sum(n_excluded)::bigint as n_excluded
from mart.voices_by_gender
group by all
order by outlet asc, on_date asc nulls last
