with

statements as (
    select * from {{ ref('statements_counted') }}
)

select
    speaker_actor_id,
    speaker,
    ingest_date,
    statement_id,
    version_id,
    section,
    depth,
    statement_type,
    speaker_role,
    attribution_method,
    cue_text,
    cue_class,
    polarity,
    content_text,
    stated_date_basis,
    tier,
    source_text,
    attribution_confidence,
    article_id,
    outlet,
    headline,
    url,
    published_at,
    published_on,
    on_date,
    is_counted,
    excluded_reason
from statements
where speaker_actor_id is not null
