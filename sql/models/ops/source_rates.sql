with

sightings as (
    select
        ingest_date,
        source_name,
        seen_at,
        not is_unchanged as is_new,
        outcome,
        case when outcome = 'parsed' then version_id end as parsed_version_id
    from {{ ref('sightings') }}
    {% if is_incremental() %} where {{ in_days() }} {% endif %}
),

-- What a parsed record lacks; its version is of the same day.
versions as (
    select
        version_id,
        published_on is null as has_no_date,
        byline is null and len(authors) = 0 as has_no_author,
        headline is null as has_no_headline,
        url is null as has_no_url
    from {{ ref('version_facts') }}
    {% if is_incremental() %} where {{ in_days() }} {% endif %}
)

select
    sightings.ingest_date,
    sightings.source_name,
    count(*) as n_seen,
    count(*) filter (sightings.is_new) as n_new,
    count(*) filter (sightings.is_new and sightings.outcome = 'parsed') as n_parsed,
    count(*) filter (sightings.is_new and sightings.outcome = 'duplicate') as n_duplicate,
    count(*) filter (sightings.is_new and sightings.outcome = 'quarantined') as n_quarantined,
    count(*) filter (sightings.is_new and sightings.outcome = 'ignored') as n_ignored,
    count(*) filter (versions.has_no_date) as n_no_date,
    count(*) filter (versions.has_no_author) as n_no_author,
    count(*) filter (versions.has_no_headline) as n_no_headline,
    count(*) filter (versions.has_no_url) as n_no_url,
    max(sightings.seen_at) as last_seen_at
from sightings
left join versions on sightings.parsed_version_id = versions.version_id
group by sightings.ingest_date, sightings.source_name
