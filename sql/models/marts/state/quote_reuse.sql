with

uses as not materialized (
    select * from {{ ref('quote_uses') }}
),

-- Most words are printed once and have nothing to be grouped: only the others are held in memory.
repeated as (
    select quote_key from uses
    group by quote_key
    having count(*) > 1
),

several as (
    select uses.* from uses
    semi join repeated on uses.quote_key = repeated.quote_key
),

single as (
    select uses.* from uses
    anti join repeated on uses.quote_key = repeated.quote_key
)

select
    quote_key,
    arg_max(verbatim, row(length(verbatim), verbatim)) filter (is_counted) as longest_wording,
    max(n_words) filter (is_counted) as n_words,
    count(distinct verbatim) filter (is_counted) as n_wordings,
    count(*) filter (is_counted) as n_uses,
    {{ left_out() }},
    count(distinct article_id) filter (is_counted) as n_articles,
    count(distinct story) filter (is_counted) as n_stories,
    count(distinct outlet_id) filter (is_counted) as n_outlets,
    list_sort(list(distinct outlet) filter (is_counted)) as outlets,
    coalesce(list_sort(list(distinct speaker) filter (is_counted and speaker is not null)), []) as speakers,
    count(*) filter (is_counted and speaker_actor_id is null) as n_unattributed,
    count(distinct speaker_actor_id) filter (is_counted) > 1 as has_conflicting_attribution,
    min(published_on) filter (is_counted) as first_on,
    max(published_on) filter (is_counted) as last_on
from several
group by quote_key
having count(*) filter (is_counted) > 0
union all
select
    quote_key,
    verbatim as longest_wording,
    n_words,
    1 as n_wordings,
    1 as n_uses,
    {{ nothing_left_out() }},
    1 as n_articles,
    1 as n_stories,
    1 as n_outlets,
    [outlet] as outlets,
    case when speaker is null then [] else [speaker] end as speakers,
    (speaker_actor_id is null)::bigint as n_unattributed,
    false as has_conflicting_attribution,
    published_on as first_on,
    published_on as last_on
from single
where is_counted
