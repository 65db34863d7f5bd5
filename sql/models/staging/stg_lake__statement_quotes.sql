with

source as (
    select * from {{ lake_parts(source('lake', 'statement_quotes')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        version_id,
        statement_id,
        quote_id,
        part_no
    from source
)

select * from renamed
