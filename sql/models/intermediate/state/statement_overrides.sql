select * from {{ ref('stg_state__statement_overrides') }}
