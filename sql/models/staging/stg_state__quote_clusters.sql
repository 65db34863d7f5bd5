with

source as (
    select * from {{ lake_state(source('state', 'quote_clusters')) }}
),

renamed as (
    select
        canonical_quote_id,
        cluster_id,
        similarity_to_head,
        method
    from source
)

select * from renamed
