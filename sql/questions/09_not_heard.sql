-- Who was spoken about and not heard in the same article?
-- A right of reply: rows to look at, since a person may have been heard in words that no mark and no cue shows.
select
    on_date,
    outlet,
    headline,
    target as not_heard,
    speaker as spoken_about_by,
    cue_class,
    content_text
from mart.right_of_reply
where not is_heard
order by on_date asc nulls last, outlet asc, not_heard asc, content_text asc
limit 12
