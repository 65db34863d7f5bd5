-- Which outlet relies on the fewest voices?
-- effective_speakers: as many equal voices would be as diverse; compare it with n_speakers.
select
    outlet,
    n_statements,
    n_speakers,
    round(effective_speakers, 1) as effective_speakers,
    round(100 * top_speaker_share, 1) as percent_of_top_speaker,
    n_unknown,
    n_excluded
from mart.outlet_diversity
order by effective_speakers / n_speakers asc, outlet asc
