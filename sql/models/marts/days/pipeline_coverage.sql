-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

articles as (
    select * from {{ ref('article_state') }}
    {%- if is_incremental() %}
    where {{ in_due_days('current_ingest_date') }}
    {%- endif %}
),

versions as (
    select * from {{ ref('version_facts') }}
    {%- if is_incremental() %}
    where {{ in_due_days() }}
    {%- endif %}
),

counts as (
    select
        version_id,
        count(*) as n_statements
    from {{ ref('statement_rows') }}
    where
        is_current
        {%- if is_incremental() %}
        and {{ in_due_days() }}
        {%- endif %}
    group by version_id
)

select
    articles.outlet_id,
    articles.outlet,
    articles.current_ingest_date as ingest_date,
    count(*) as n_articles,
    count(counts.version_id) as n_with_statements,
    coalesce(sum(counts.n_statements), 0)::bigint as n_statements,
    count(*) filter (articles.published_on is null) as n_no_publication_date,
    count(*) filter (articles.uncounted_reason is not null) as n_left_out,
    {%- for flag in ['too_short', 'paywall', 'list_page', 'live_blog', 'machine_translated'] %}
    count(*) filter (list_contains(articles.quality_flags, '{{ flag }}')) as n_{{ flag }},
    {%- endfor %}
    count(*) filter (list_contains(articles.quality_flags, 'correction')) as n_corrected,
    count(*) filter (articles.near_dup_group is not null) as n_copies,
    count(*) filter (versions.language is distinct from 'en') as n_not_english
from articles
inner join versions on articles.current_version_id = versions.version_id
left join counts on articles.current_version_id = counts.version_id
group by articles.outlet_id, articles.outlet, articles.current_ingest_date
