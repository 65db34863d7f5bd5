with

source as (
    select * from {{ lake_parts(source('lake', 'article_versions')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        version_id,
        article_id,
        raw_id,
        text,
        text_sha256,
        n_chars,
        sections,
        headline,
        standfirst,
        byline,
        authors,
        dateline_text,
        dateline_place,
        wire_agency,
        language,
        quality_flags,
        is_retracted,
        correction_note,
        published_on,
        published_at,
        published_precision,
        published_basis,
        updated_at,
        fetched_at,
        parser_version,
        batch_order,
        outlet_id,
        outlet_name,
        outlet_domain,
        external_key,
        url
    from source
)

select * from renamed
