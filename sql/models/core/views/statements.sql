with

facts as (
    select * from {{ ref('statement_facts') }}
),

links as (
    select * from {{ ref('entity_actors') }}
),

corrections as (
    select * from {{ ref('statement_overrides') }}
),

actors as (
    select * from {{ ref('actors') }}
)

-- What a person has said about the speaker stands before what was found.

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
    case actors.actor_type
        when 'person' then 'named_person'
        when 'org' then 'organisation'
        when 'country' then 'state'
        when 'group' then 'collective'
        else facts.source_kind
    end as source_kind,
    facts.speaker_mention_id,
    facts.speaker_role_surface,
    case when corrections.actor_id is null then facts.attribution_method else 'override' end as attribution_method,
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
    coalesce(corrections.actor_id, links.actor_id) as speaker_actor_id,
    case
        when corrections.actor_id is null then coalesce(facts.speaker_confidence * links.confidence, 0)
        else 1
    end as attribution_confidence
from facts
left join links on facts.speaker_entity_id = links.entity_id
left join corrections on facts.statement_id = corrections.statement_id
left join actors on corrections.actor_id = actors.actor_id
