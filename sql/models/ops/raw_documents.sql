select * from {{ ref('stg_lake__raw_documents') }}
