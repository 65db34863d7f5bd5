select * from {{ ref('stg_lake__statement_entities') }}
