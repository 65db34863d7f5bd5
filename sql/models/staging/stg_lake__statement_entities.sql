with

source as (
    select * from {{ lake_parts(source('lake', 'statement_entities')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        statement_id,
        entity_id,
        version_id,
        speaker_rank,
        is_joint,
        confidence,
        method,
        resolution_id
    from source
)

select * from renamed
