-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

quotes as (
    select * from {{ ref('quotes') }}
    where
        quote_kind in ('speech', 'written')
        and n_words >= 4
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

clusters as (
    select * from {{ ref('quote_clusters') }}
),

-- Copies of a story stay in: that they carried the words is what is asked here. The story tells them apart.
articles as (
    select * from {{ ref('article_state') }}
    {%- if is_incremental() %}
    where {{ in_due_days('current_ingest_date') }}
    {%- endif %}
),

links as (
    select * from {{ ref('statement_quotes') }}
    {%- if is_incremental() %}
    where {{ in_due_days() }}
    {%- endif %}
),

statements as (
    select * from {{ ref('statement_rows') }}
    where
        is_current
        and (excluded_reason is null or excluded_reason = 'superseded_copy')
        and speaker_actor_id is not null
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
),

attributions as (
    select
        links.quote_id,
        arg_min(
            struct_pack(statement_id := statements.statement_id, actor_id := statements.speaker_actor_id),
            row(-statements.attribution_confidence, statements.statement_id)
        ) as answer
    from links
    inner join statements on links.statement_id = statements.statement_id
    group by links.quote_id
)

select
    quotes.ingest_date,
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
    articles.outlet,
    articles.headline,
    articles.url,
    articles.published_on,
    articles.published_at,
    attributions.answer.statement_id,
    attributions.answer.actor_id as speaker_actor_id,
    articles.uncounted_reason as excluded_reason
from quotes
inner join articles on quotes.version_id = articles.current_version_id
left join clusters on quotes.canonical_quote_id = clusters.canonical_quote_id
left join attributions on quotes.quote_id = attributions.quote_id
