with

statements as (
    select * from {{ ref('statements_counted') }}
    where speaker_actor_id is not null
)

select
    speaker_actor_id,
    speaker,
    speaker_type,
    speaker_country,
    count(*) filter (is_counted) as n_statements,
    count(*) filter (is_counted and statement_type <> 'indirect') as n_with_quotes,
    count(distinct article_id) filter (is_counted) as n_articles,
    count(distinct coalesce(near_dup_group, article_id)) filter (is_counted) as n_stories,
    count(distinct outlet_id) filter (is_counted) as n_outlets,
    {{ left_out() }},
    min(on_date) filter (is_counted) as first_on,
    max(on_date) filter (is_counted) as last_on,
    avg(attribution_confidence) filter (is_counted) as mean_confidence
from statements
group by speaker_actor_id, speaker, speaker_type, speaker_country
