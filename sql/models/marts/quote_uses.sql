with

quotes as (
    select * from {{ ref('quotes') }}
    where quote_kind in ('speech', 'written') and n_words >= 4
),

clusters as (
    select * from {{ ref('quote_clusters') }}
),

-- Copies of a story stay in: that they carried the words is what is asked here. The story tells them apart.
versions as (
    select
        *,
        {{ uncounted_version('is_retracted', 'quality_flags') }} as excluded_reason
    from {{ ref('article_versions') }}
    where is_current
),

articles as (
    select * from {{ ref('articles') }}
),

outlets as (
    select * from {{ ref('outlets') }}
),

links as (
    select * from {{ ref('statement_quotes') }}
),

statements as (
    select * from {{ ref('statements_counted') }}
    where (is_counted or excluded_reason = 'superseded_copy') and speaker_actor_id is not null
),

attributions as (
    select
        links.ingest_date,
        links.quote_id,
        arg_min(
            struct_pack(
                statement_id := statements.statement_id,
                actor_id := statements.speaker_actor_id,
                speaker := statements.speaker
            ),
            row(-statements.attribution_confidence, statements.statement_id)
        ) as answer
    from links
    inner join statements
        on
            links.statement_id = statements.statement_id
            and links.ingest_date = statements.ingest_date
    group by links.ingest_date, links.quote_id
)

select
    quotes.quote_id,
    coalesce(clusters.cluster_id, quotes.canonical_quote_id) as quote_key,
    quotes.canonical_quote_id,
    quotes.verbatim,
    quotes.n_words,
    quotes.quote_kind,
    quotes.version_id,
    quotes.char_start,
    articles.article_id,
    coalesce(articles.near_dup_group, articles.article_id) as story,
    articles.outlet_id,
    outlets.name as outlet,
    versions.headline,
    articles.url,
    versions.published_on,
    versions.published_at,
    attributions.answer.statement_id,
    attributions.answer.actor_id as speaker_actor_id,
    attributions.answer.speaker,
    versions.excluded_reason is null as is_counted,
    versions.excluded_reason
from quotes
inner join versions
    on
        quotes.version_id = versions.version_id
        and quotes.ingest_date = versions.ingest_date
inner join articles on versions.article_id = articles.article_id
inner join outlets on articles.outlet_id = outlets.outlet_id
left join clusters on quotes.canonical_quote_id = clusters.canonical_quote_id
left join attributions
    on
        quotes.quote_id = attributions.quote_id
        and quotes.ingest_date = attributions.ingest_date
