with

versions as (
    select
        version_id,
        article_id,
        ingest_date,
        batch_id,
        batch_order
    from {{ ref('version_facts') }}
),

-- An unchanged record says only that nothing happened at its place since: if A became B and then A's old address
-- answers as before, B stays current. A -> B -> A is a change, and makes A current again.
sightings as (
    select
        version_id,
        ingest_date,
        batch_id,
        batch_order
    from {{ ref('sightings') }}
    where version_id is not null and outcome_reason is distinct from 'unchanged'
),

-- The record that brought a version is a meeting with it, also where its sighting is not at hand.
meetings as (
    select * from versions
    union all
    select
        versions.version_id,
        versions.article_id,
        sightings.ingest_date,
        sightings.batch_id,
        sightings.batch_order
    from sightings
    inner join versions on sightings.version_id = versions.version_id
),

last_met as (
    select
        article_id,
        arg_max(version_id, row(ingest_date, batch_id, batch_order)) as version_id
    from meetings
    group by article_id
),

numbered as (
    select
        version_id,
        article_id,
        row_number() over in_order as version_no,
        lag(version_id) over in_order as supersedes
    from versions
    window in_order as (partition by article_id order by ingest_date, batch_id, batch_order, version_id)
)

select
    numbered.version_id,
    numbered.version_no,
    numbered.version_id = last_met.version_id as is_current,
    numbered.supersedes
from numbered
inner join last_met on numbered.article_id = last_met.article_id
