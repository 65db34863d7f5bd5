select * from {{ ref('stg_lake__near_copies') }}
