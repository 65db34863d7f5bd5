with

days as (
    select * from {{ ref('target_days') }}
),

actors as (
    select * from {{ ref('actors') }}
),

pairs as (
    select
        speaker_actor_id,
        target_kind,
        target_actor_id,
        cue_class,
        sum(n_statements)::bigint as n_statements,
        {{ left_out_of_days() }},
        sum(n_articles)::bigint as n_articles,
        count(distinct outlet_id) filter (n_statements > 0) as n_outlets,
        min(first_on) as first_on,
        max(last_on) as last_on
    from days
    group by speaker_actor_id, target_kind, target_actor_id, cue_class
)

select
    pairs.speaker_actor_id,
    speakers.canonical_name as speaker,
    pairs.target_kind,
    pairs.target_actor_id,
    targets.canonical_name as target,
    pairs.cue_class,
    pairs.n_statements,
    pairs.n_excluded,
    pairs.excluded_reasons,
    pairs.n_articles,
    pairs.n_outlets,
    pairs.first_on,
    pairs.last_on
from pairs
inner join actors as speakers on pairs.speaker_actor_id = speakers.actor_id
inner join actors as targets on pairs.target_actor_id = targets.actor_id
