with

versions as (
    select * from {{ ref('version_facts') }}
),

states as (
    select * from {{ ref('version_state') }}
)

select
    versions.ingest_date,
    versions.batch_id,
    versions.version_id,
    versions.article_id,
    versions.raw_id,
    versions.text,
    versions.text_sha256,
    versions.n_chars,
    versions.sections,
    versions.headline,
    versions.standfirst,
    versions.byline,
    versions.authors,
    versions.dateline_text,
    versions.dateline_place,
    versions.wire_agency,
    versions.language,
    versions.quality_flags,
    versions.is_retracted,
    versions.correction_note,
    versions.published_on,
    versions.published_at,
    versions.published_precision,
    versions.published_basis,
    versions.updated_at,
    versions.fetched_at,
    versions.parser_version,
    states.version_no,
    states.is_current,
    states.supersedes
from versions
inner join states on versions.version_id = states.version_id
