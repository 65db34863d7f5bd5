select
    article_id,
    outlet_id,
    external_key,
    url,
    first_seen_on,
    n_versions,
    current_version_id,
    is_retracted,
    near_dup_group
from {{ ref('article_state') }}
