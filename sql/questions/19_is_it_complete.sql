-- Is the data of each day complete enough to trust?
-- By the day on which articles came in; n_left_out: articles that no count includes.
select
    ingest_date,
    count(*) as n_outlets,
    sum(n_articles)::bigint as n_articles,
    sum(n_with_statements)::bigint as n_with_statements,
    sum(n_statements)::bigint as n_statements,
    sum(n_no_publication_date)::bigint as n_no_date,
    sum(n_left_out)::bigint as n_left_out,
    sum(n_copies)::bigint as n_copies,
    sum(n_not_english)::bigint as n_not_english
from mart.pipeline_coverage
group by all
order by ingest_date desc
limit 14
