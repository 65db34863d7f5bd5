with

versions as (
    select
        *,
        {{ uncounted_version('is_retracted', 'quality_flags') }} as uncounted_reason
    from {{ ref('version_facts') }}
),

states as (
    select * from {{ ref('version_state') }}
),

groups as (
    select * from {{ ref('story_groups') }}
),

outlets as (
    select * from {{ ref('outlets') }}
),

histories as (
    select
        article_id,
        min(ingest_date) as first_seen_on,
        count(*) as n_versions
    from versions
    group by article_id
),

articles as (
    select
        versions.*,
        histories.first_seen_on,
        histories.n_versions,
        groups.near_dup_group,
        outlets.name as outlet
    from versions
    inner join states on versions.version_id = states.version_id
    inner join histories on versions.article_id = histories.article_id
    inner join outlets on versions.outlet_id = outlets.outlet_id
    left join groups on versions.article_id = groups.article_id
    where states.is_current
),

-- Of the near copies of one story the first counts: by the day of publication, or the day we met it where that is not
-- known. A copy that is retracted or broken cannot stand for the story.
first_copies as (
    select
        near_dup_group,
        arg_min(
            article_id,
            row(
                coalesce(published_on, first_seen_on),
                coalesce(published_at, 'infinity'::timestamptz),
                first_seen_on,
                article_id
            )
        ) as article_id
    from articles
    where near_dup_group is not null and uncounted_reason is null
    group by near_dup_group
)

select
    articles.article_id,
    articles.version_id as current_version_id,
    articles.ingest_date as current_ingest_date,
    articles.outlet_id,
    articles.outlet,
    articles.external_key,
    articles.url,
    articles.headline,
    articles.published_on,
    articles.published_at,
    articles.text_sha256,
    articles.wire_agency,
    articles.is_retracted,
    articles.quality_flags,
    articles.first_seen_on,
    articles.n_versions,
    articles.near_dup_group,
    articles.uncounted_reason,
    coalesce(first_copies.article_id <> articles.article_id, false) as is_superseded_copy
from articles
left join first_copies on articles.near_dup_group = first_copies.near_dup_group
