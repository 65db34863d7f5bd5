with

uses as not materialized (
    select * from {{ ref('quote_uses') }}
    where is_counted
),

keys as (
    select
        quote_key,
        count(distinct outlet_id) as n_outlets,
        count(*) filter (published_on is null) as n_undated
    from uses
    group by quote_key
    having count(*) > 1
),

-- Where the hour is not known the day decides, and where days are the same nobody is known to be first: the row then
-- says that it is tied. Of equals the least id stands here, so that the answer does not depend on the order of rows.
placed as (
    select
        uses.*,
        row_number() over (
            partition by uses.quote_key
            order by
                uses.published_on asc, uses.published_at asc nulls last, uses.outlet_id asc, uses.article_id asc,
                uses.char_start asc
        ) as place
    from uses
    semi join keys on uses.quote_key = keys.quote_key
    where uses.published_on is not null
),

firsts as (
    select * from placed
    where place = 1
),

ties as (
    select firsts.quote_key
    from firsts
    inner join placed
        on
            firsts.quote_key = placed.quote_key
            and firsts.published_on = placed.published_on
            and firsts.outlet_id <> placed.outlet_id
    where
        firsts.published_at is null or placed.published_at is null or firsts.published_at = placed.published_at
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
union all
-- Most words are printed once and have nothing to be placed: only the others are held in memory.
select
    uses.quote_key,
    uses.verbatim,
    uses.outlet_id,
    uses.outlet,
    uses.article_id,
    uses.quote_id,
    uses.published_on,
    uses.published_at,
    uses.speaker_actor_id,
    uses.speaker,
    1 as n_outlets,
    false as is_tied,
    0 as n_undated
from uses
anti join keys on uses.quote_key = keys.quote_key
where uses.published_on is not null
