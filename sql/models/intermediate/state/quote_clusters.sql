select * from {{ ref('stg_state__quote_clusters') }}
