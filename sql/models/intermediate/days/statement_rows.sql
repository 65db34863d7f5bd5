-- depends_on: {{ ref('day_states') }}, {{ ref('built_days') }}
with

statements as (
    select * from {{ ref('stg_lake__statements') }}
),

sources as (
    select * from {{ ref('stg_lake__statement_sources') }}
),

candidates as (
    select * from {{ ref('statement_entities') }}
    where speaker_rank = 1{% if is_incremental() %} and {{ in_days() }}{% endif %}
),

-- Of joint speakers the surest stands here, and between equals the one with the least id, so that the answer does not
-- depend on the order of rows. It is chosen once: a day's answers follow from the day alone, only which actor the
-- entity is may change with later news.
answers as (
    select
        statement_id,
        entity_id,
        method,
        confidence
    from candidates
    qualify row_number() over (partition by statement_id order by confidence desc, entity_id asc) = 1
),

source_spans as (
    select
        statement_id,
        string_agg(span_text, ' ' order by span_no) as source_text
    from {{ ref('stg_lake__statement_spans') }}
    where span_kind = 'source'
    group by statement_id
),

sentences as (
    select
        sentences.version_id,
        sentences.sentence_no,
        substr(versions.text, sentences.char_start + 1, sentences.char_end - sentences.char_start) as sentence_text
    from {{ ref('stg_lake__sentences') }} as sentences
    inner join {{ ref('stg_lake__article_versions') }} as versions on sentences.version_id = versions.version_id
    semi join statements
        on
            sentences.version_id = statements.version_id
            and sentences.sentence_no = statements.sentence_no
),

facts as (
    select
        statements.* replace (
            coalesce(answers.method, sources.attribution_method, statements.attribution_method)
                as attribution_method,
            coalesce(sources.source_kind, statements.source_kind) as source_kind
        ),
        source_spans.source_text,
        sentences.sentence_text,
        sources.anonymity,
        answers.entity_id as speaker_entity_id,
        answers.confidence as speaker_confidence
    from statements
    left join answers on statements.statement_id = answers.statement_id
    left join sources on statements.statement_id = sources.statement_id
    left join source_spans on statements.statement_id = source_spans.statement_id
    left join sentences
        on
            statements.version_id = sentences.version_id
            and statements.sentence_no = sentences.sentence_no
    {%- if is_incremental() %}
    union all by name
    -- Days of which only the state has moved: what their texts say stays.
    select * {{ without_state() }}
    from {{ this }}
    where {{ in_due_days() }} and not ({{ in_days() }})
    {%- endif %}
),

-- A statement is of its version's day, and so are its entities.
articles as (
    select * from {{ ref('article_state') }}
    {%- if is_incremental() %}
    where {{ in_due_days('current_ingest_date') }}
    {%- endif %}
),

links as (
    select * from {{ ref('entity_actors') }}
    {%- if is_incremental() %}
    where {{ in_due_days() }}
    {%- endif %}
),

-- The surest of joint speakers may be no actor (commentators); then the surest that is one stands for them.
joint_speakers as (
    select
        candidates.statement_id,
        arg_min(links.actor_id, row(-candidates.confidence, candidates.entity_id)) as actor_id,
        arg_min(candidates.confidence * links.confidence, row(-candidates.confidence, candidates.entity_id))
            as confidence
    from {{ ref('statement_entities') }} as candidates
    inner join links on candidates.entity_id = links.entity_id
    where
        candidates.speaker_rank = 1 and candidates.is_joint
        {%- if is_incremental() %} and {{ in_due_days('candidates.ingest_date') }}{%- endif %}
    group by candidates.statement_id
),

-- What a person has said about the speaker stands before what was found.
corrections as (
    select
        corrections.statement_id,
        corrections.actor_id,
        case actors.actor_type
            when 'person' then 'named_person'
            when 'org' then 'organisation'
            when 'country' then 'state'
            when 'group' then 'collective'
        end as source_kind
    from {{ ref('statement_overrides') }} as corrections
    left join {{ ref('actors') }} as actors on corrections.actor_id = actors.actor_id
)

select
    facts.*,
    articles.article_id is not null as is_current,
    articles.article_id,
    articles.outlet_id,
    articles.outlet,
    articles.near_dup_group,
    articles.headline,
    articles.url,
    articles.published_at,
    articles.published_on,
    articles.text_sha256,
    articles.is_retracted,
    articles.quality_flags,
    articles.wire_agency,
    coalesce(facts.stated_date, articles.published_on) as on_date,
    coalesce(corrections.actor_id, links.actor_id, joint_speakers.actor_id) as speaker_actor_id,
    case
        when corrections.actor_id is null
            then coalesce(facts.speaker_confidence * links.confidence, joint_speakers.confidence, 0)
        else 1
    end as attribution_confidence,
    corrections.actor_id is not null as is_corrected,
    corrections.source_kind as corrected_source_kind,
    -- The first rule that applies.
    case
        when articles.article_id is null then null
        when facts.section <> 'body' then 'section'
        when facts.tier = 'extended' then 'tier'
        when facts.polarity <> 'asserted' then 'polarity'
        when facts.depth > 0 then 'nested'
        when articles.uncounted_reason is not null then articles.uncounted_reason
        -- Of the near copies of one story one counts: internal.article_state says which.
        when articles.is_superseded_copy then 'superseded_copy'
    end as excluded_reason
from facts
left join articles on facts.version_id = articles.current_version_id
left join links on facts.speaker_entity_id = links.entity_id
left join joint_speakers on facts.statement_id = joint_speakers.statement_id
left join corrections on facts.statement_id = corrections.statement_id
