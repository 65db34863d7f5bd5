with

statements as (
    select * from {{ ref('statements') }}
),

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

actors as (
    select * from {{ ref('actors') }}
)

select
    statements.ingest_date,
    statements.batch_id,
    statements.statement_id,
    statements.version_id,
    statements.sentence_no,
    statements.section,
    statements.parent_statement_id,
    statements.depth,
    statements.statement_type,
    statements.source_kind,
    statements.speaker_mention_id,
    statements.speaker_role_surface,
    statements.attribution_method,
    statements.span_confidence,
    statements.is_attitude,
    statements.cue_text,
    statements.cue_lemma,
    statements.cue_class,
    statements.polarity,
    statements.content_text,
    statements.content_norm,
    statements.stated_date_text,
    statements.stated_date,
    statements.stated_date_precision,
    statements.stated_date_basis,
    statements.tier,
    statements.lineage_key,
    statements.extraction_id,
    statements.speaker_actor_id,
    statements.attribution_confidence,
    versions.article_id,
    articles.outlet_id,
    outlets.name as outlet,
    articles.near_dup_group,
    versions.headline,
    articles.url,
    versions.published_at,
    versions.published_on,
    versions.text_sha256,
    coalesce(
        actors.canonical_name,
        case statements.source_kind when 'unattributed' then '(unattributed)' else '(unresolved)' end
    ) as speaker,
    actors.actor_type as speaker_type,
    actors.country_code as speaker_country,
    coalesce(statements.stated_date, versions.published_on) as on_date,
    versions.is_retracted,
    versions.quality_flags
from statements
inner join versions on statements.version_id = versions.version_id
inner join articles on versions.article_id = articles.article_id
inner join outlets on articles.outlet_id = outlets.outlet_id
left join actors on statements.speaker_actor_id = actors.actor_id
