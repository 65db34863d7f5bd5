-- What all news say of a day's facts, as one hash a day: it changes when a row of it does. Names are not in it: they
-- are joined when they are read.
with

current_articles as (
    select * from {{ ref('article_state') }}
),

links as (
    select * from {{ ref('entity_actors') }}
),

corrections as (
    select
        corrections.ingest_date,
        corrections.statement_id,
        corrections.actor_id,
        actors.actor_type
    from {{ ref('statement_overrides') }} as corrections
    left join {{ ref('actors') }} as actors on corrections.actor_id = actors.actor_id
),

wordings as (
    select
        quotes.ingest_date,
        quotes.quote_id,
        clusters.cluster_id
    from {{ ref('quotes') }} as quotes
    inner join {{ ref('quote_clusters') }} as clusters on quotes.canonical_quote_id = clusters.canonical_quote_id
),

parts as (
    select
        'articles' as part,
        current_ingest_date as ingest_date,
        bit_xor(hash(current_articles)) as fingerprint
    from current_articles
    group by current_ingest_date
    union all
    select
        'entities' as part,
        ingest_date,
        bit_xor(hash(entity_id, actor_id, confidence)) as fingerprint
    from links
    group by ingest_date
    union all
    select
        'corrections' as part,
        ingest_date,
        bit_xor(hash(statement_id, actor_id, actor_type)) as fingerprint
    from corrections
    group by ingest_date
    union all
    select
        'wordings' as part,
        ingest_date,
        bit_xor(hash(quote_id, cluster_id)) as fingerprint
    from wordings
    group by ingest_date
)

select
    ingest_date,
    md5(string_agg(part || ':' || fingerprint, ' ' order by part)) as state_id
from parts
group by ingest_date
