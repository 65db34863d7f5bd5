-- What was said in articles that were withdrawn since, and who else printed those words?
-- Such statements are in no count; the words may live on elsewhere.
select
    statements.outlet,
    statements.headline,
    statements.speaker,
    statements.content_text,
    list_sort(list(distinct elsewhere.outlet) filter (elsewhere.outlet is not null)) as also_in
from mart.statements_counted as statements
left join mart.statements_counted as elsewhere
    on
        statements.content_norm = elsewhere.content_norm
        and statements.article_id <> elsewhere.article_id
        and length(statements.content_norm) > 30
where statements.excluded_reason = 'retracted'
group by statements.statement_id, statements.outlet, statements.headline, statements.speaker, statements.content_text
order by statements.outlet, statements.content_text
limit 20
