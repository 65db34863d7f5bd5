select * from {{ ref('stg_lake__mention_entities') }}
