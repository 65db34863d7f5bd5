-- What was said in articles that were withdrawn since, and who else printed those words?
-- Such statements are in no count; the words may live on elsewhere.
with

withdrawn as (
    select *
    from mart.statements_counted
    where excluded_reason = 'retracted'
    order by outlet, content_text, statement_id
    limit 20
)

select
    withdrawn.outlet,
    withdrawn.headline,
    withdrawn.speaker,
    withdrawn.content_text,
    list_sort(list(distinct elsewhere.outlet) filter (elsewhere.outlet is not null)) as also_in
from withdrawn
left join mart.statements_counted as elsewhere
    on
        withdrawn.content_norm = elsewhere.content_norm
        and withdrawn.article_id <> elsewhere.article_id
        and length(withdrawn.content_norm) > 30
group by withdrawn.statement_id, withdrawn.outlet, withdrawn.headline, withdrawn.speaker, withdrawn.content_text
order by withdrawn.outlet, withdrawn.content_text, withdrawn.statement_id
