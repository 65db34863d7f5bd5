with

statements as (
    select * from {{ ref('statements_current') }}
),

versions as (
    select
        *,
        {{ uncounted_version('is_retracted', 'quality_flags') }} as uncounted_reason
    from {{ ref('article_versions') }}
    where is_current
),

articles as (
    select * from {{ ref('articles') }}
    where near_dup_group is not null
),

-- Of the near copies of one story the first counts: by the day of publication, or the day we met it where that is not
-- known. A copy that is retracted or broken cannot stand for the story.
first_copies as (
    select
        articles.near_dup_group,
        arg_min(
            articles.article_id,
            row(
                coalesce(versions.published_on, articles.first_seen_on),
                coalesce(versions.published_at, 'infinity'::timestamptz),
                articles.first_seen_on,
                articles.article_id
            )
        ) as article_id
    from articles
    inner join versions on articles.current_version_id = versions.version_id
    where versions.uncounted_reason is null
    group by articles.near_dup_group
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
            when first_copies.article_id <> statements.article_id then 'superseded_copy'
        end as excluded_reason
    from statements
    left join first_copies on statements.near_dup_group = first_copies.near_dup_group
)

select
    judged.* exclude (excluded_reason), -- noqa: RF03
    judged.excluded_reason is null as is_counted,
    judged.excluded_reason
from judged
