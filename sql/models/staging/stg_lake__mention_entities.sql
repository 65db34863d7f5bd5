with

source as (
    select * from {{ lake_parts(source('lake', 'mention_entities')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        mention_id,
        entity_id,
        version_id,
        rank,
        confidence,
        method,
        resolution_id
    from source
)

select * from renamed
