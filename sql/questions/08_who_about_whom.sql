-- Who speaks to whom and about whom, and in what tone?
-- about: named inside the content; addressee: told or asked.
select
    speaker,
    target_kind,
    target,
    cue_class,
    n_statements,
    n_outlets,
    n_excluded
from mart.who_about_whom
where n_statements > 0 and target_kind <> 'relayed_by'
order by n_statements desc, speaker asc, target asc, cue_class asc
limit 12
