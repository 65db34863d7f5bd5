with

versions as (
    select * from {{ ref('article_versions') }}
    where is_current
),

articles as (
    select * from {{ ref('articles') }}
),

outlets as (
    select * from {{ ref('outlets') }}
),

counts as (
    select
        version_id,
        count(*) as n_statements
    from {{ ref('statement_facts') }}
    group by version_id
)

select
    outlets.outlet_id,
    outlets.name as outlet,
    versions.ingest_date,
    count(*) as n_articles,
    count(counts.version_id) as n_with_statements,
    coalesce(sum(counts.n_statements), 0)::bigint as n_statements,
    count(*) filter (versions.published_on is null) as n_no_publication_date,
    count(*) filter (
        {{ uncounted_version('versions.is_retracted', 'versions.quality_flags') }} is not null
    ) as n_left_out,
    {%- for flag in ['too_short', 'paywall', 'list_page', 'live_blog', 'machine_translated'] %}
    count(*) filter (list_contains(versions.quality_flags, '{{ flag }}')) as n_{{ flag }},
    {%- endfor %}
    count(*) filter (list_contains(versions.quality_flags, 'correction')) as n_corrected,
    count(*) filter (articles.near_dup_group is not null) as n_copies,
    count(*) filter (versions.language is distinct from 'en') as n_not_english
from versions
inner join articles on versions.article_id = articles.article_id
inner join outlets on articles.outlet_id = outlets.outlet_id
left join counts on versions.version_id = counts.version_id
group by outlets.outlet_id, outlets.name, versions.ingest_date
