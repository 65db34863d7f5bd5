with

source as (
    select * from {{ lake_parts(source('lake', 'entities')) }}
),

renamed as (
    select
        ingest_date,
        batch_id,
        entity_id,
        version_id,
        actor_type,
        name,
        name_norm,
        country_code,
        wikidata_qid,
        role_surface,
        basis,
        n_mentions,
        gender,
        gender_basis,
        n_gender_for,
        n_gender_against,
        speaker_kind,
        kind_basis,
        resolution_id
    from source
)

select * from renamed
