with

statements as (
    select * from {{ ref('statements_counted') }}
    where speaker_actor_id is not null
),

voices as (
    select
        outlet_id,
        outlet,
        speaker_kind,
        count(*) filter (is_counted) as n_statements,
        count(*) filter (is_counted and statement_type <> 'indirect') as n_with_quotes,
        count(distinct speaker_actor_id) filter (is_counted) as n_speakers,
        count(distinct coalesce(near_dup_group, article_id)) filter (is_counted) as n_stories,
        {{ left_out() }}
    from statements
    group by outlet_id, outlet, speaker_kind
)

select
    outlet_id,
    outlet,
    speaker_kind,
    n_statements,
    n_with_quotes,
    n_speakers,
    n_stories,
    n_excluded,
    excluded_reasons,
    n_statements / nullif(sum(n_statements) over (partition by outlet_id), 0) as share
from voices
