select * from {{ ref('stg_lake__article_versions') }}
