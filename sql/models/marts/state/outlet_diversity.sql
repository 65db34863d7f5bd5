with

voices as (
    select * from {{ ref('share_of_voice') }}
),

wholes as (
    select
        outlet_id,
        sum(n_statements) as n_statements
    from voices
    where speaker_actor_id is not null
    group by outlet_id
),

-- Shares of what has a known speaker: somebody who is not known is no voice.
known as (
    select
        voices.*,
        case
            when voices.speaker_actor_id is not null and voices.n_statements > 0
                then voices.n_statements / wholes.n_statements
        end as share_of_known
    from voices
    left join wholes on voices.outlet_id = wholes.outlet_id
),

reasons as (
    select
        outlet_id,
        n_excluded,
        excluded_reasons
    from {{ ref('outlet_counts') }}
),

outlets as (
    select
        outlet_id,
        outlet,
        coalesce(sum(n_statements) filter (speaker_actor_id is not null), 0)::bigint as n_statements,
        coalesce(sum(n_statements) filter (speaker_actor_id is null), 0)::bigint as n_unknown,
        count(share_of_known) as n_speakers,
        max(share_of_known) as top_speaker_share,
        sum(share_of_known * share_of_known) as hhi,
        -sum(share_of_known * ln(share_of_known)) as shannon
    from known
    group by outlet_id, outlet
)

select
    outlets.outlet_id,
    outlets.outlet,
    outlets.n_statements,
    reasons.n_excluded,
    reasons.excluded_reasons,
    outlets.n_unknown,
    outlets.n_speakers,
    outlets.top_speaker_share,
    outlets.hhi,
    outlets.shannon,
    exp(outlets.shannon) as effective_speakers
from outlets
inner join reasons on outlets.outlet_id = reasons.outlet_id
