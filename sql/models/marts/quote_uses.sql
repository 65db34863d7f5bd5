with

quotes as (
    select * from {{ ref('quote_rows') }}
),

actors as (
    select * from {{ ref('actors') }}
)

select
    quotes.quote_id,
    quotes.quote_key,
    quotes.canonical_quote_id,
    quotes.verbatim,
    quotes.n_words,
    quotes.quote_kind,
    quotes.version_id,
    quotes.char_start,
    quotes.article_id,
    quotes.story,
    quotes.outlet_id,
    quotes.outlet,
    quotes.headline,
    quotes.url,
    quotes.published_on,
    quotes.published_at,
    quotes.statement_id,
    quotes.speaker_actor_id,
    actors.canonical_name as speaker,
    quotes.excluded_reason is null as is_counted,
    quotes.excluded_reason
from quotes
left join actors on quotes.speaker_actor_id = actors.actor_id
