with

source as (
    select * from {{ lake_parts(source('lake', 'statement_spans')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        statement_id,
        version_id,
        span_kind,
        span_no,
        char_start,
        char_end,
        span_text
    from source
)

select * from renamed
