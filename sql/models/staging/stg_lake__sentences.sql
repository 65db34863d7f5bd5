with

source as (
    select * from {{ lake_parts(source('lake', 'sentences')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        version_id,
        sentence_no,
        paragraph_no,
        section,
        char_start,
        char_end
    from source
)

select * from renamed
