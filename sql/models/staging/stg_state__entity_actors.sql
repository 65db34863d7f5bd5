with

source as (
    select * from {{ lake_state(source('state', 'entity_actors')) }}
),

renamed as (
    select
        ingest_date,
        entity_id,
        actor_id,
        confidence,
        method
    from source
)

select * from renamed
