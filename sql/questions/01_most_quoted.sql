-- Who is quoted most, in how many outlets, and how much was left out of the count?
-- Default counts: body text, clear speech, said (not supposed or asked), at first hand, one copy of a story.
select
    speaker,
    n_statements,
    n_with_quotes,
    n_stories,
    n_outlets,
    n_excluded,
    excluded_reasons
from mart.speaker_counts
order by n_statements desc, speaker asc
limit 8
