with

uses as not materialized (
    select * from {{ ref('quote_uses') }}
    where is_counted
),

keys as (
    select
        quote_key,
        min(published_on) as first_on,
        max(n_words) as n_words,
        count(distinct outlet_id) as n_outlets
    from uses
    group by quote_key
    having count(*) > 1
)

select
    uses.quote_key,
    uses.outlet_id,
    uses.outlet,
    arg_max(uses.verbatim, row(length(uses.verbatim), uses.verbatim)) as verbatim,
    count(*) as n_uses,
    count(distinct uses.article_id) as n_articles,
    min(uses.published_on) as first_on,
    max(uses.published_on) as last_on,
    min(uses.published_on) - keys.first_on as days_after_first,
    max(uses.n_words) / keys.n_words as share_of_words,
    coalesce(list_sort(list(distinct uses.speaker) filter (uses.speaker is not null)), []) as speakers,
    keys.n_outlets
from uses
inner join keys on uses.quote_key = keys.quote_key
group by uses.quote_key, uses.outlet_id, uses.outlet, keys.first_on, keys.n_words, keys.n_outlets
union all
-- Most words are printed once and have nothing to be grouped: only the others are held in memory.
select
    uses.quote_key,
    uses.outlet_id,
    uses.outlet,
    uses.verbatim,
    1 as n_uses,
    1 as n_articles,
    uses.published_on as first_on,
    uses.published_on as last_on,
    uses.published_on - uses.published_on as days_after_first,
    1 as share_of_words,
    case when uses.speaker is null then [] else [uses.speaker] end as speakers,
    1 as n_outlets
from uses
anti join keys on uses.quote_key = keys.quote_key
