select * exclude (is_counted, excluded_reason)
from {{ ref('statements_counted') }}
