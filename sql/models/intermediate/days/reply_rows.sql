-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

statements as (
    select * from {{ ref('statement_rows') }}
    where
        is_current
        and excluded_reason is null
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

targets as (
    select * from {{ ref('target_rows') }}
    where
        target_kind = 'about'
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

heard as (
    select
        article_id,
        speaker_actor_id,
        count(*) as n_statements
    from statements
    where speaker_actor_id is not null
    group by article_id, speaker_actor_id
)

select
    statements.ingest_date,
    statements.statement_id,
    statements.article_id,
    statements.outlet_id,
    statements.outlet,
    statements.headline,
    statements.on_date,
    statements.speaker_actor_id,
    statements.source_kind = 'unattributed' as is_unattributed,
    coalesce(statements.cue_class, 'none') as cue_class,
    statements.content_text,
    targets.actor_id as target_actor_id,
    coalesce(heard.n_statements, 0) as n_replies
from statements
inner join targets on statements.statement_id = targets.statement_id
left join heard
    on
        statements.article_id = heard.article_id
        and targets.actor_id = heard.speaker_actor_id
where targets.actor_id is distinct from statements.speaker_actor_id
