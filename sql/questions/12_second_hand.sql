-- Who quotes whom through whom?
-- statement: inside a statement of the relayer; source: the article says who had it first.
select
    outlet,
    relayer,
    relayed,
    relay_kind,
    cue_class,
    content_text,
    excluded_reason as left_out_of_counts
from mart.relay_chains
where relay_kind <> 'wire'
order by outlet, relayer, relayed, content_text
limit 20
