with

spans as (
    select * from {{ ref('statement_spans') }}
),

versions as (
    select * from {{ ref('version_facts') }}
),

-- Offsets count code points from 0; substr counts them from 1.
cut_out as (
    select
        spans.*,
        substr(versions.text, spans.char_start + 1, spans.char_end - spans.char_start) as text_at_offsets,
        versions.text_sha256,
        versions.raw_id
    from spans
    -- Both are of the same day, which lets a question about some days read those days only.
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
