with

statements as (
    select * from {{ ref('stg_lake__statements') }}
),

sources as (
    select * from {{ ref('stg_lake__statement_sources') }}
),

candidates as (
    select * from {{ ref('statement_entities') }}
    where speaker_rank = 1{% if is_incremental() %} and {{ in_days() }}{% endif %}
),

-- Of joint speakers the surest stands here, and between equals the one with the least id, so that the answer does not
-- depend on the order of rows. It is chosen once, and not whenever someone reads the view on it: a day's answers
-- follow from the day alone, only which actor the entity is may change with later news.
answers as (
    select
        statement_id,
        arg_min(
            struct_pack(entity_id := entity_id, method := method, confidence := confidence),
            row(-confidence, entity_id)
        ) as answer
    from candidates
    group by statement_id
)

select
    statements.* replace (
        coalesce(answers.answer.method, sources.attribution_method, statements.attribution_method)
            as attribution_method,
        coalesce(sources.source_kind, statements.source_kind) as source_kind
    ),
    answers.answer.entity_id as speaker_entity_id,
    answers.answer.confidence as speaker_confidence
from statements
left join answers on statements.statement_id = answers.statement_id
left join sources on statements.statement_id = sources.statement_id
