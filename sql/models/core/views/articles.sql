with

versions as (
    select * from {{ ref('version_facts') }}
),

states as (
    select * from {{ ref('version_state') }}
),

groups as (
    select * from {{ ref('story_groups') }}
),

histories as (
    select
        article_id,
        min(ingest_date) as first_seen_on,
        count(*) as n_versions
    from versions
    group by article_id
),

current_versions as (
    select versions.*
    from versions
    inner join states on versions.version_id = states.version_id
    where states.is_current
)

select
    current_versions.article_id,
    current_versions.outlet_id,
    current_versions.external_key,
    current_versions.url,
    histories.first_seen_on,
    histories.n_versions,
    current_versions.version_id as current_version_id,
    current_versions.is_retracted,
    groups.near_dup_group
from current_versions
inner join histories on current_versions.article_id = histories.article_id
left join groups on current_versions.article_id = groups.article_id
