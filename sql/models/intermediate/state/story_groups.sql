select * from {{ ref('stg_state__story_groups') }}
