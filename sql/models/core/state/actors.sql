select * from {{ ref('stg_state__actors') }}
