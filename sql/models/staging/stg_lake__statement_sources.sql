with

source as (
    select * from {{ lake_parts(source('lake', 'statement_sources')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        statement_id,
        version_id,
        source_kind,
        attribution_method,
        anonymity,
        resolution_id
    from source
)

select * from renamed
