-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

statements as (
    select * from {{ ref('statement_rows') }}
    where
        is_current
        and speaker_actor_id is not null
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

targets as (
    select * from {{ ref('target_rows') }}
    {%- if is_incremental() %}
    where {{ in_due_days() }}
    {%- endif %}
)

select
    statements.ingest_date,
    statements.outlet_id,
    statements.speaker_actor_id,
    targets.target_kind,
    targets.actor_id as target_actor_id,
    coalesce(statements.cue_class, 'none') as cue_class,
    count(*) filter (statements.excluded_reason is null) as n_statements,
    count(distinct statements.article_id) filter (statements.excluded_reason is null) as n_articles,
    {{ left_out_by_reason() }},
    min(statements.on_date) filter (statements.excluded_reason is null) as first_on,
    max(statements.on_date) filter (statements.excluded_reason is null) as last_on
from statements
inner join targets on statements.statement_id = targets.statement_id
where targets.actor_id <> statements.speaker_actor_id
group by all
