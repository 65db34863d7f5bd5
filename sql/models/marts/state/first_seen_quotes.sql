with

uses as (
    select * from {{ ref('quote_uses') }}
    where is_counted
),

-- Where the hour is not known the day decides, and where days are the same nobody is known to be first: the row then
-- says that it is tied. Of equals the least id stands here, so that the answer does not depend on the order of rows.
placed as (
    select
        *,
        row_number() over (
            partition by quote_key
            order by published_on asc, published_at asc nulls last, outlet_id asc, article_id asc, char_start asc
        ) as place
    from uses
    where published_on is not null
),

firsts as (
    select * from placed
    where place = 1
),

keys as (
    select
        quote_key,
        count(distinct outlet_id) as n_outlets,
        count(*) filter (published_on is null) as n_undated
    from uses
    group by quote_key
),

ties as (
    select firsts.quote_key
    from firsts
    inner join uses
        on
            firsts.quote_key = uses.quote_key
            and firsts.published_on = uses.published_on
            and firsts.outlet_id <> uses.outlet_id
    where firsts.published_at is null or uses.published_at is null or firsts.published_at = uses.published_at
    group by firsts.quote_key
)

select
    firsts.quote_key,
    firsts.verbatim,
    firsts.outlet_id,
    firsts.outlet,
    firsts.article_id,
    firsts.quote_id,
    firsts.published_on,
    firsts.published_at,
    firsts.speaker_actor_id,
    firsts.speaker,
    keys.n_outlets,
    ties.quote_key is not null as is_tied,
    keys.n_undated
from firsts
inner join keys on firsts.quote_key = keys.quote_key
left join ties on firsts.quote_key = ties.quote_key
