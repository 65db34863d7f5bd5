with

replies as (
    select * from {{ ref('reply_rows') }}
),

actors as (
    select * from {{ ref('actors') }}
)

select
    replies.statement_id,
    replies.article_id,
    replies.outlet_id,
    replies.outlet,
    replies.headline,
    replies.on_date,
    replies.speaker_actor_id,
    {{ speaker_name('speakers.canonical_name', 'replies.is_unattributed') }} as speaker,
    replies.cue_class,
    replies.content_text,
    replies.target_actor_id,
    targets.canonical_name as target,
    replies.n_replies,
    replies.n_replies > 0 as is_heard
from replies
inner join actors as targets on replies.target_actor_id = targets.actor_id
left join actors as speakers on replies.speaker_actor_id = speakers.actor_id
