with

source as (
    select * from {{ lake_state(source('state', 'actor_roles')) }}
),

renamed as (
    select
        role_id,
        actor_id,
        role_title,
        role_class,
        org_actor_id,
        country_code,
        first_seen_on,
        last_seen_on,
        n_articles,
        source
    from source
)

select * from renamed
