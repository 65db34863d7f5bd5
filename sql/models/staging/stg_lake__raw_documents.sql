-- The bytes stay in the lake.
with

source as (
    select * from {{ lake_parts(source('lake', 'raw_documents')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        raw_id,
        bytes_len,
        media_type,
        first_seen_at
    from source
)

select * from renamed
