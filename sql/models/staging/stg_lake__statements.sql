with

source as (
    select * from {{ lake_parts(source('lake', 'statements')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        statement_id,
        version_id,
        sentence_no,
        section,
        parent_statement_id,
        depth,
        statement_type,
        source_kind,
        speaker_mention_id,
        speaker_role_surface,
        attribution_method,
        span_confidence,
        is_attitude,
        cue_text,
        cue_lemma,
        cue_class,
        polarity,
        content_text,
        content_norm,
        stated_date_text,
        stated_date,
        stated_date_precision,
        stated_date_basis,
        tier,
        lineage_key,
        extraction_id
    from source
)

select * from renamed
