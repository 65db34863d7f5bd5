with

source as (
    select * from {{ lake_parts(source('lake', 'near_copies')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        version_id,
        article_id,
        earlier_batch_id,
        earlier_version_id,
        earlier_article_id,
        jaccard
    from source
)

select * from renamed
