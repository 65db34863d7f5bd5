with

days as (
    select * from {{ ref('speaker_days') }}
),

actors as (
    select * from {{ ref('actors') }}
),

voices as (
    select
        outlet_id,
        outlet,
        speaker_actor_id,
        is_unattributed,
        sum(n_statements)::bigint as n_statements,
        sum(content_chars)::bigint as content_chars,
        {{ left_out_of_days() }}
    from days
    group by outlet_id, outlet, speaker_actor_id, is_unattributed
),

wholes as (
    select
        outlet_id,
        nullif(sum(n_statements), 0) as n_statements,
        nullif(sum(content_chars), 0) as content_chars
    from voices
    group by outlet_id
)

select
    voices.outlet_id,
    voices.outlet,
    voices.speaker_actor_id,
    {{ speaker_name('actors.canonical_name', 'voices.is_unattributed') }} as speaker,
    voices.n_statements,
    voices.n_excluded,
    voices.excluded_reasons,
    voices.n_statements / wholes.n_statements as share,
    voices.content_chars,
    voices.content_chars / wholes.content_chars as share_chars,
    case
        when voices.speaker_actor_id is not null
            then rank() over (
                partition by voices.outlet_id, voices.speaker_actor_id is null
                order by voices.n_statements desc
            )
    end as rank_in_outlet
from voices
inner join wholes on voices.outlet_id = wholes.outlet_id
left join actors on voices.speaker_actor_id = actors.actor_id
