with

statements as (
    select * from {{ ref('statements_counted') }}
),

speakers as (
    select
        outlet_id,
        outlet,
        speaker_actor_id,
        speaker,
        count(*) filter (is_counted) as n_statements,
        coalesce(sum(length(content_text)) filter (is_counted), 0)::bigint as content_chars,
        {{ left_out() }}
    from statements
    group by outlet_id, outlet, speaker_actor_id, speaker
),

wholes as (
    select
        outlet_id,
        nullif(sum(n_statements), 0) as n_statements,
        nullif(sum(content_chars), 0) as content_chars
    from speakers
    group by outlet_id
)

select
    speakers.outlet_id,
    speakers.outlet,
    speakers.speaker_actor_id,
    speakers.speaker,
    speakers.n_statements,
    speakers.n_excluded,
    speakers.excluded_reasons,
    speakers.n_statements / wholes.n_statements as share,
    speakers.content_chars,
    speakers.content_chars / wholes.content_chars as share_chars,
    case
        when speakers.speaker_actor_id is not null
            then rank() over (
                partition by speakers.outlet_id, speakers.speaker_actor_id is null
                order by speakers.n_statements desc
            )
    end as rank_in_outlet
from speakers
inner join wholes on speakers.outlet_id = wholes.outlet_id
