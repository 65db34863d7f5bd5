with

statements as (
    select * from {{ ref('statements_counted') }}
    where speaker_type = 'person'
),

voices as (
    select
        outlet_id,
        outlet,
        on_date,
        speaker_gender,
        count(*) filter (is_counted) as n_statements,
        count(*) filter (is_counted and statement_type <> 'indirect') as n_with_quotes,
        count(distinct speaker_actor_id) filter (is_counted) as n_speakers,
        count(distinct coalesce(near_dup_group, article_id)) filter (is_counted) as n_stories,
        {{ left_out() }}
    from statements
    group by outlet_id, outlet, on_date, speaker_gender
)

select
    outlet_id,
    outlet,
    on_date,
    speaker_gender,
    n_statements,
    n_with_quotes,
    n_speakers,
    n_stories,
    n_excluded,
    excluded_reasons,
    n_statements / nullif(sum(n_statements) over (partition by outlet_id, on_date), 0) as share
from voices
