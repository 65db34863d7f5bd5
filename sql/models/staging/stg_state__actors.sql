with

source as (
    select * from {{ lake_state(source('state', 'actors')) }}
),

renamed as (
    select
        actor_id,
        actor_type,
        canonical_name,
        country_code,
        wikidata_qid,
        merged_into,
        status,
        basis,
        first_seen_on,
        last_seen_on,
        gender,
        gender_basis,
        n_gender_for,
        n_gender_against,
        speaker_kind,
        kind_basis
    from source
)

select * from renamed
