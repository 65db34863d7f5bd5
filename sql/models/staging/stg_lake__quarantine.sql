with

source as (
    select * from {{ lake_parts(source('lake', 'quarantine')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        quarantine_id,
        raw_id,
        source_name,
        source_uri,
        record_no,
        stage,
        entity,
        entity_id,
        rule,
        severity,
        detail,
        first_seen_at,
        resolved_at
    from source
)

select * from renamed
