with

sightings as (
    select * from {{ ref('stg_lake__sightings') }}
),

outcomes as (
    select * from {{ ref('stg_lake__sighting_outcomes') }}
)

-- A sighting without an outcome stays, with NULL: the reconciliation must see it.
select
    sightings.ingest_date,
    sightings.batch_id,
    sightings.sighting_id,
    sightings.run_id,
    sightings.raw_id,
    sightings.source_name,
    sightings.source_uri,
    sightings.record_no,
    sightings.seen_at,
    sightings.http_status,
    sightings.etag,
    sightings.last_modified,
    sightings.is_unchanged,
    outcomes.outcome,
    outcomes.outcome_reason,
    outcomes.version_id,
    outcomes.batch_order
from sightings
left join outcomes on sightings.sighting_id = outcomes.sighting_id
