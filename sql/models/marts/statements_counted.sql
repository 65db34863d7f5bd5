with

statements as (
    select * from {{ ref('statement_rows') }}
    where is_current
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
    coalesce(statements.corrected_source_kind, statements.source_kind) as source_kind,
    statements.speaker_mention_id,
    statements.speaker_role_surface as speaker_role,
    case when statements.is_corrected then 'override' else statements.attribution_method end as attribution_method,
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
    statements.extraction_id,
    statements.source_text,
    statements.sentence_text,
    statements.speaker_actor_id,
    statements.attribution_confidence,
    statements.article_id,
    statements.outlet_id,
    statements.outlet,
    statements.near_dup_group,
    statements.headline,
    statements.url,
    statements.published_at,
    statements.published_on,
    statements.text_sha256,
    {{ speaker_name('actors.canonical_name', "statements.source_kind = 'unattributed'") }} as speaker,
    actors.actor_type as speaker_type,
    actors.country_code as speaker_country,
    actors.gender as speaker_gender,
    actors.speaker_kind,
    case when statements.speaker_actor_id is null then statements.anonymity end as anonymity,
    statements.on_date,
    statements.is_retracted,
    statements.quality_flags,
    statements.excluded_reason is null as is_counted,
    statements.excluded_reason
from statements
left join actors on statements.speaker_actor_id = actors.actor_id
