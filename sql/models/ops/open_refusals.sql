{{ config(materialized='view') }}

with

quarantine as (
    select * from {{ ref('quarantine') }}
    where resolved_at is null
),

-- Where a record with other bytes was met since and taken in; without a number: anything of the file.
read_since as (
    select
        source_name,
        source_uri,
        record_no,
        max(row(ingest_date, batch_id)) as last_read
    from {{ ref('sightings') }}
    where
        outcome in ('parsed', 'duplicate')
        and not is_unchanged
        and source_uri in (select quarantine.source_uri from quarantine)
    group by grouping sets ((source_name, source_uri, record_no), (source_name, source_uri))
),

last_reads as (
    select
        source_name,
        source_uri,
        record_no,
        max(last_read) as last_read
    from read_since
    group by source_name, source_uri, record_no
)

select
    quarantine.ingest_date,
    quarantine.batch_id,
    quarantine.quarantine_id,
    quarantine.raw_id,
    quarantine.source_name,
    quarantine.source_uri,
    quarantine.record_no,
    quarantine.stage,
    quarantine.entity,
    quarantine.entity_id,
    quarantine.rule,
    quarantine.severity,
    quarantine.detail,
    quarantine.first_seen_at
from quarantine
left join last_reads
    on
        quarantine.entity = 'record'
        and quarantine.source_name = last_reads.source_name
        and quarantine.source_uri = last_reads.source_uri
        and quarantine.record_no is not distinct from last_reads.record_no
where
    last_reads.last_read is null
    or last_reads.last_read <= row(quarantine.ingest_date, quarantine.batch_id)
