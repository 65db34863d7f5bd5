with

versions as (
    select * from {{ ref('article_versions') }}
),

articles as (
    select * from {{ ref('articles') }}
),

outlets as (
    select * from {{ ref('outlets') }}
),

statements as (
    select * from {{ ref('statement_rows') }}
),

actors as (
    select * from {{ ref('actors') }}
),

-- Texts that two parsers read differ by more than what the publisher changed.
pairs as (
    select
        newer.ingest_date,
        newer.article_id,
        newer.version_id,
        newer.version_no,
        newer.supersedes,
        {% set parts = {
            'text': 'n_chars', 'headline': 'headline', 'standfirst': 'standfirst', 'byline': 'byline',
            'published_on': 'published_on', 'correction_note': 'correction_note', 'is_retracted': 'is_retracted',
        } -%}
        [
            {%- for subject, column in parts.items() %}
            struct_pack(
                subject := '{{ subject }}', was := older.{{ column }}::varchar, is_now := newer.{{ column }}::varchar
            )
            {{- ',' if not loop.last }}
            {%- endfor %}
        ] as parts
    from versions as newer
    inner join versions as older on newer.supersedes = older.version_id
    where newer.parser_version = older.parser_version
),

parts as (
    select
        pairs.version_id,
        part.entry.subject,
        part.entry.was,
        part.entry.is_now
    from pairs, unnest(pairs.parts) as part (entry)
),

part_changes as (
    select
        version_id,
        subject,
        subject as subject_id,
        case
            when was is null then 'added'
            when is_now is null then 'removed'
            else 'changed'
        end as change,
        was as before,
        is_now as after,
        null::varchar as statement_id,
        null::varchar as speaker_actor_id,
        null::varchar as previous_speaker_actor_id
    from parts
    where was is distinct from is_now or subject = 'text'
),

-- The same words are one statement wherever they stand: text that moved has not changed. Of words that a version
-- prints twice, the first with a known speaker stand for both.
lines as (
    select
        version_id,
        lineage_key,
        statement_id,
        content_text,
        speaker_actor_id
    from statements
    qualify
        row_number() over (
            partition by version_id, lineage_key order by speaker_actor_id is null, sentence_no, statement_id
        ) = 1
),

newer_lines as (
    select
        pairs.version_id,
        lines.lineage_key,
        lines.statement_id,
        lines.content_text,
        lines.speaker_actor_id
    from pairs
    inner join lines on pairs.version_id = lines.version_id
),

older_lines as (
    select
        pairs.version_id,
        lines.lineage_key,
        lines.statement_id,
        lines.content_text,
        lines.speaker_actor_id
    from pairs
    inner join lines on pairs.supersedes = lines.version_id
),

statement_changes as (
    select
        coalesce(newer_lines.version_id, older_lines.version_id) as version_id,
        'statement' as subject,
        coalesce(newer_lines.lineage_key, older_lines.lineage_key) as subject_id,
        case
            when older_lines.version_id is null then 'added'
            when newer_lines.version_id is null then 'removed'
            when coalesce(newer_lines.speaker_actor_id, '') <> coalesce(older_lines.speaker_actor_id, '')
                then 'reattributed'
            else 'kept'
        end as change,
        older_lines.content_text as before,
        newer_lines.content_text as after,
        coalesce(newer_lines.statement_id, older_lines.statement_id) as statement_id,
        newer_lines.speaker_actor_id,
        older_lines.speaker_actor_id as previous_speaker_actor_id
    from newer_lines
    full join older_lines
        on newer_lines.version_id = older_lines.version_id and newer_lines.lineage_key = older_lines.lineage_key
),

changes as (
    select * from part_changes
    union all
    select * from statement_changes
)

select
    pairs.ingest_date,
    pairs.article_id,
    articles.outlet_id,
    outlets.name as outlet,
    pairs.version_id,
    pairs.version_no,
    pairs.supersedes,
    changes.subject,
    changes.subject_id,
    changes.change,
    changes.before,
    changes.after,
    changes.statement_id,
    changes.speaker_actor_id,
    actors.canonical_name as speaker,
    changes.previous_speaker_actor_id,
    previous_actors.canonical_name as previous_speaker
from changes
inner join pairs on changes.version_id = pairs.version_id
inner join articles on pairs.article_id = articles.article_id
inner join outlets on articles.outlet_id = outlets.outlet_id
left join actors on changes.speaker_actor_id = actors.actor_id
left join actors as previous_actors on changes.previous_speaker_actor_id = previous_actors.actor_id
