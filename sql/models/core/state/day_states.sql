-- What all news say of a day's facts, as one hash a day: it changes when a row of it does. Names are not in it: they are
-- joined when they are read.
with

articles as (
    select
        current_ingest_date as ingest_date,
        bit_xor(hash(articles)) as fingerprint
    from {{ ref('article_state') }} as articles
    group by current_ingest_date
),

entities as (
    select
        ingest_date,
        bit_xor(hash(entity_id, actor_id, confidence)) as fingerprint
    from {{ ref('entity_actors') }}
    group by ingest_date
),

corrections as (
    select
        corrections.ingest_date,
        bit_xor(hash(corrections.statement_id, corrections.actor_id, actors.actor_type)) as fingerprint
    from {{ ref('statement_overrides') }} as corrections
    left join {{ ref('actors') }} as actors on corrections.actor_id = actors.actor_id
    group by corrections.ingest_date
),

wordings as (
    select
        quotes.ingest_date,
        bit_xor(hash(quotes.quote_id, clusters.cluster_id)) as fingerprint
    from {{ ref('quotes') }} as quotes
    inner join {{ ref('quote_clusters') }} as clusters on quotes.canonical_quote_id = clusters.canonical_quote_id
    group by quotes.ingest_date
),

parts as (
    select ingest_date, 'articles' as part, fingerprint from articles
    union all
    select ingest_date, 'entities' as part, fingerprint from entities
    union all
    select ingest_date, 'corrections' as part, fingerprint from corrections
    union all
    select ingest_date, 'wordings' as part, fingerprint from wordings
)

select
    ingest_date,
    md5(string_agg(part || ':' || fingerprint, ' ' order by part)) as state_id
from parts
group by ingest_date
