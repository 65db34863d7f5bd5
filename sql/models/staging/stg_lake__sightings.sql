with

source as (
    select * from {{ lake_parts(source('lake', 'sightings')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        sighting_id,
        run_id,
        raw_id,
        source_name,
        source_uri,
        record_no,
        seen_at,
        http_status,
        etag,
        last_modified,
        is_unchanged,
        refusal_rule,
        refusal_detail
    from source
)

select * from renamed
