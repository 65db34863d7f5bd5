select
    statement_id,
    target_kind,
    actor_id,
    is_inferred,
    mention_id
from {{ ref('target_rows') }}
