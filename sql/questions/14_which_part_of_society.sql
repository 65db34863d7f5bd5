-- Which part of society speaks: officials, business, scholars, people without an office?
-- Known persons only; the role is the one that most articles give the person.
select
    coalesce(role_class, 'none known') as role_class,
    sum(n_statements)::bigint as n_statements,
    sum(n_speakers)::bigint as speakers_by_outlet,
    count(distinct outlet_id) filter (n_statements > 0) as n_outlets,
    sum(n_excluded)::bigint as n_excluded
from mart.voices_by_role
where speaker_type = 'person'
group by all
order by n_statements desc, role_class asc
