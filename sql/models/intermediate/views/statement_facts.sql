select * {{ without_state() }}
from {{ ref('statement_rows') }}
