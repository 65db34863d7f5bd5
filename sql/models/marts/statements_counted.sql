with

statements as (
    select * from {{ ref('statements_current') }}
),

-- Of the near copies of one story one counts: core.article_state says which.
copies as (
    select article_id from {{ ref('article_state') }}
    where is_superseded_copy
),

judged as (
    select
        statements.*,
        -- The first rule that applies.
        case
            when statements.section <> 'body' then 'section'
            when statements.tier = 'extended' then 'tier'
            when statements.polarity <> 'asserted' then 'polarity'
            when statements.depth > 0 then 'nested'
            when {{ uncounted_version('statements.is_retracted', 'statements.quality_flags') }} is not null
                then {{ uncounted_version('statements.is_retracted', 'statements.quality_flags') }}
            when copies.article_id is not null then 'superseded_copy'
        end as excluded_reason
    from statements
    left join copies on statements.article_id = copies.article_id
)

select
    judged.* exclude (excluded_reason), -- noqa: RF03
    judged.excluded_reason is null as is_counted,
    judged.excluded_reason
from judged
