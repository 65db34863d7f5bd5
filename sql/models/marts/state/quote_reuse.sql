with

uses as (
    select * from {{ ref('quote_uses') }}
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
from uses
group by quote_key
having count(*) filter (is_counted) > 0
