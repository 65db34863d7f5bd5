-- Who printed a shared quote first, and who followed, how many days later, with how much of it?
-- is_tied: another outlet printed it that day, and the hours do not tell who was first.
select
    first_seen.verbatim as words,
    first_seen.outlet as first_outlet,
    first_seen.published_at as first_at,
    first_seen.is_tied,
    spread.outlet as also_in,
    spread.days_after_first,
    round(spread.share_of_words, 2) as share_of_words
from mart.first_seen_quotes as first_seen
inner join mart.quote_spread as spread
    on
        first_seen.quote_key = spread.quote_key
        and first_seen.outlet_id <> spread.outlet_id
where first_seen.n_outlets > 1 and spread.n_outlets > 1
order by first_seen.published_on, words, spread.days_after_first, also_in
limit 20
