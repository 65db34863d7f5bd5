with

source as (
    select * from {{ lake_parts(source('lake', 'mentions')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        mention_id,
        version_id,
        sentence_no,
        char_start,
        char_end,
        surface,
        mention_kind,
        name_kind,
        role_surface,
        extraction_id
    from source
)

select * from renamed
