with

source as (
    select * from {{ lake_parts(source('lake', 'sighting_outcomes')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        sighting_id,
        outcome,
        outcome_reason,
        version_id,
        batch_order
    from source
)

select * from renamed
