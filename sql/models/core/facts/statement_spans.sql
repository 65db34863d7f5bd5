with

spans as (
    select * from {{ ref('stg_lake__statement_spans') }}
),

statements as (
    select * from {{ ref('stg_lake__statements') }}
)

select
    spans.*,
    statements.extraction_id
from spans
left join statements on spans.statement_id = statements.statement_id
