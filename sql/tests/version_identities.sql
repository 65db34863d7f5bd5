-- What is true of every version by what its columns mean; the rule that a row breaks comes with it.

with

versions as (
    select * from {{ ref('version_facts') }}
    where {{ in_days() }}
),

judged as (
    select
        *,
        case
            when n_chars <> length(text) then 'n_chars is the length of the text'
            when text_sha256 <> sha256(text) then 'text_sha256 is the hash of the text'
            when (published_on is null) <> (published_basis = 'none') then 'a date has a basis, no date has none'
            when published_at is not null and published_on is null then 'an instant has a day'
        end as broken_rule
    from versions
)

select * from judged
where broken_rule is not null
