with

statements as (
    select * from {{ ref('statements') }}
),

articles as (
    select * from {{ ref('article_state') }}
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
    articles.article_id,
    articles.outlet_id,
    articles.outlet,
    articles.near_dup_group,
    articles.headline,
    articles.url,
    articles.published_at,
    articles.published_on,
    articles.text_sha256,
    coalesce(
        actors.canonical_name,
        case statements.source_kind when 'unattributed' then '(unattributed)' else '(unresolved)' end
    ) as speaker,
    actors.actor_type as speaker_type,
    actors.country_code as speaker_country,
    coalesce(statements.stated_date, articles.published_on) as on_date,
    articles.is_retracted,
    articles.quality_flags
from statements
-- A statement is of its version's day: a question about some articles then reads their days only.
inner join articles
    on
        statements.version_id = articles.current_version_id
        and statements.ingest_date = articles.current_ingest_date
left join actors on statements.speaker_actor_id = actors.actor_id
