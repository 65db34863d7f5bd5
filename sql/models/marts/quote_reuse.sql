with

quotes as (
    select * from {{ ref('quotes') }}
    where quote_kind in ('speech', 'written') and n_words >= 4
),

versions as (
    select * from {{ ref('article_versions') }}
    where is_current and {{ uncounted_version('is_retracted', 'quality_flags') }} is null
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

-- Copies of a story stay in: that they carried the words is what is asked here. n_stories counts them once.
statements as (
    select * from {{ ref('statements_counted') }}
    where (is_counted or excluded_reason = 'superseded_copy') and speaker_actor_id is not null
),

uses as (
    select
        quotes.canonical_quote_id as quote_key,
        quotes.quote_id,
        quotes.verbatim,
        articles.article_id,
        articles.outlet_id,
        outlets.name as outlet,
        versions.published_on,
        coalesce(articles.near_dup_group, articles.article_id) as story
    from quotes
    inner join versions on quotes.version_id = versions.version_id
    inner join articles on versions.article_id = articles.article_id
    inner join outlets on articles.outlet_id = outlets.outlet_id
),

attributions as (
    select
        uses.quote_key,
        list_sort(list(distinct statements.speaker)) as speakers,
        count(distinct statements.speaker_actor_id) as n_speakers
    from uses
    inner join links on uses.quote_id = links.quote_id
    inner join statements on links.statement_id = statements.statement_id
    group by uses.quote_key
),

wordings as (
    select
        quote_key,
        arg_max(verbatim, row(length(verbatim), verbatim)) as longest_wording,
        count(distinct verbatim) as n_wordings,
        count(*) as n_uses,
        count(distinct article_id) as n_articles,
        count(distinct story) as n_stories,
        count(distinct outlet_id) as n_outlets,
        list_sort(list(distinct outlet)) as outlets,
        min(published_on) as first_on,
        max(published_on) as last_on
    from uses
    group by quote_key
)

select
    wordings.quote_key,
    wordings.longest_wording,
    wordings.n_wordings,
    wordings.n_uses,
    wordings.n_articles,
    wordings.n_stories,
    wordings.n_outlets,
    wordings.outlets,
    coalesce(attributions.speakers, []) as speakers,
    coalesce(attributions.n_speakers > 1, false) as has_conflicting_attribution,
    wordings.first_on,
    wordings.last_on
from wordings
left join attributions on wordings.quote_key = attributions.quote_key
