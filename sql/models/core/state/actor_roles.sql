select * from {{ ref('stg_state__actor_roles') }}
