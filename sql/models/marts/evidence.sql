with

spans as (
    select * from {{ ref('statement_spans') }}
),

statements as (
    select * from {{ ref('statement_facts') }}
),

versions as (
    select * from {{ ref('version_facts') }}
),

-- Offsets count code points from 0; substr counts them from 1.
cut_out as (
    select
        spans.ingest_date,
        spans.statement_id,
        spans.span_kind,
        spans.span_no,
        spans.char_start,
        spans.char_end,
        spans.span_text,
        substr(versions.text, spans.char_start + 1, spans.char_end - spans.char_start) as text_at_offsets,
        versions.version_id,
        versions.text_sha256,
        versions.raw_id,
        statements.extraction_id
    from spans
    -- All three are of the same day, which lets a question about one day read that day only.
    inner join statements
        on
            spans.statement_id = statements.statement_id
            and spans.ingest_date = statements.ingest_date
    inner join versions
        on
            spans.version_id = versions.version_id
            and spans.ingest_date = versions.ingest_date
)

select
    ingest_date,
    statement_id,
    span_kind,
    span_no,
    char_start,
    char_end,
    span_text,
    text_at_offsets,
    span_text = text_at_offsets as is_match,
    version_id,
    text_sha256,
    raw_id,
    extraction_id
from cut_out
