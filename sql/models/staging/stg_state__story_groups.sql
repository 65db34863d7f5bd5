with

source as (
    select * from {{ lake_state(source('state', 'story_groups')) }}
),

renamed as (
    select
        article_id,
        near_dup_group
    from source
)

select * from renamed
