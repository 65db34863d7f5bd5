with

versions as (
    select * from {{ ref('version_facts') }}
),

-- Most of its articles decide on the name; a tie goes to the first in the alphabet.
names as (
    select
        outlet_id,
        outlet_name as name
    from versions
    group by outlet_id, outlet_name
    qualify row_number() over (partition by outlet_id order by count(distinct article_id) desc, outlet_name) = 1
),

outlets as (
    select
        outlet_id,
        min(outlet_domain) as domain,
        min(ingest_date) as first_seen_on,
        max(ingest_date) as last_seen_on
    from versions
    group by outlet_id
)

select
    outlets.outlet_id,
    names.name,
    outlets.domain,
    outlets.first_seen_on,
    outlets.last_seen_on
from outlets
inner join names on outlets.outlet_id = names.outlet_id
