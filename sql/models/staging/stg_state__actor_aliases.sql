with

source as (
    select * from {{ lake_state(source('state', 'actor_aliases')) }}
),

renamed as (
    select
        actor_id,
        alias,
        alias_norm,
        alias_kind,
        source,
        is_ambiguous,
        n_mentions
    from source
)

select * from renamed
