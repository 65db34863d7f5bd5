-- Who speaks: politicians, officials, experts, companies, unions, police, athletes, artists, ordinary people?
-- Known actors, persons and bodies; a former or shadow minister is of politics, too. not told: no words say it.
select
    coalesce(speaker_kind, 'not told') as kind,
    sum(n_statements)::bigint as n_statements,
    sum(n_with_quotes)::bigint as n_with_quotes,
    sum(n_speakers)::bigint as speakers_by_outlet,
    count(*) filter (n_statements > 0) as n_outlets,
    round(100 * sum(n_statements) / sum(sum(n_statements)) over (), 1) as percent,
    sum(n_excluded)::bigint as n_excluded
from mart.voices_by_kind
group by all
order by n_statements desc, kind asc
