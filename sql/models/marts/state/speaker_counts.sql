with

days as (
    select * from {{ ref('speaker_days') }}
    where speaker_actor_id is not null
),

actors as (
    select * from {{ ref('actors') }}
),

counts as (
    select
        speaker_actor_id,
        sum(n_statements)::bigint as n_statements,
        sum(n_with_quotes)::bigint as n_with_quotes,
        -- An article is of one day and outlet, and of the near copies of a story one is counted.
        sum(n_articles)::bigint as n_articles,
        count(distinct outlet_id) filter (n_statements > 0) as n_outlets,
        {{ left_out_of_days() }},
        min(first_on) as first_on,
        max(last_on) as last_on,
        sum(confidence_millionths) / nullif(sum(n_statements), 0) / 1000000 as mean_confidence
    from days
    group by speaker_actor_id
)

select
    counts.speaker_actor_id,
    actors.canonical_name as speaker,
    actors.actor_type as speaker_type,
    actors.country_code as speaker_country,
    counts.n_statements,
    counts.n_with_quotes,
    counts.n_articles,
    counts.n_articles as n_stories,
    counts.n_outlets,
    counts.n_excluded,
    counts.excluded_reasons,
    counts.first_on,
    counts.last_on,
    counts.mean_confidence
from counts
inner join actors on counts.speaker_actor_id = actors.actor_id
