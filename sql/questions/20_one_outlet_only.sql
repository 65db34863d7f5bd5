-- Whom does one outlet let speak that no other does?
-- Actors with two counted statements or more, all in one outlet.
select
    voices.outlet,
    voices.speaker,
    voices.n_statements,
    round(100 * voices.share, 1) as percent_of_outlet,
    voices.rank_in_outlet,
    counts.n_stories
from mart.share_of_voice as voices
inner join mart.speaker_counts as counts on voices.speaker_actor_id = counts.speaker_actor_id
where counts.n_outlets = 1 and voices.n_statements >= 2
order by voices.n_statements desc, voices.outlet asc, voices.speaker asc
limit 12
