-- What is true of every statement by what its columns mean; the rule that a row breaks comes with it.

with

statements as (
    select * from {{ ref('statement_facts') }}
    where {{ in_days() }}
),

judged as (
    select
        *,
        case
            when (source_kind = 'unattributed') <> (speaker_mention_id is null)
                then 'only an unattributed statement has no speaker mention'
            when (stated_date is null) <> (stated_date_basis in ('no_anchor', 'none'))
                then 'a stated date has a basis, no date has none'
            when (depth > 0) <> (parent_statement_id is not null) then 'only a nested statement has a parent'
            when attribution_method = 'none' and speaker_entity_id is not null then 'a speaker was found somehow'
            when (speaker_entity_id is null) <> (speaker_confidence is null) then 'only a speaker has a confidence'
            when span_confidence not between 0 and 1 or speaker_confidence not between 0 and 1
                then 'a confidence is a probability'
        end as broken_rule
    from statements
)

select * from judged
where broken_rule is not null
