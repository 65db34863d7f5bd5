with

facts as (
    select * from {{ ref('statement_facts') }}
),

links as (
    select * from {{ ref('entity_actors') }}
)

select
    facts.ingest_date,
    facts.batch_id,
    facts.statement_id,
    facts.version_id,
    facts.sentence_no,
    facts.section,
    facts.parent_statement_id,
    facts.depth,
    facts.statement_type,
    facts.source_kind,
    facts.speaker_mention_id,
    facts.speaker_role_surface,
    facts.attribution_method,
    facts.span_confidence,
    facts.is_attitude,
    facts.cue_text,
    facts.cue_lemma,
    facts.cue_class,
    facts.polarity,
    facts.content_text,
    facts.content_norm,
    facts.stated_date_text,
    facts.stated_date,
    facts.stated_date_precision,
    facts.stated_date_basis,
    facts.tier,
    facts.lineage_key,
    facts.extraction_id,
    links.actor_id as speaker_actor_id,
    coalesce(facts.speaker_confidence * links.confidence, 0) as attribution_confidence
from facts
left join links on facts.speaker_entity_id = links.entity_id
