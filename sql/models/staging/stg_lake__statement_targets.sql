with

source as (
    select * from {{ lake_parts(source('lake', 'statement_targets')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        statement_id,
        target_kind,
        entity_id,
        version_id,
        is_inferred,
        mention_id,
        resolution_id
    from source
)

select * from renamed
