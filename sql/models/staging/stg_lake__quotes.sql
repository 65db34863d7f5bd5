with

source as (
    select * from {{ lake_parts(source('lake', 'quotes')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        quote_id,
        version_id,
        sentence_no,
        char_start,
        char_end,
        inner_start,
        inner_end,
        verbatim,
        open_mark,
        close_mark,
        quote_kind,
        attribution_method,
        text_norm,
        canonical_quote_id,
        n_words,
        chain_id,
        chain_part,
        extraction_id
    from source
)

select * from renamed
