with

source as (
    select * from {{ lake_state(source('state', 'statement_overrides')) }}
),

renamed as (
    select
        ingest_date,
        statement_id,
        actor_id,
        override_id
    from source
)

select * from renamed
