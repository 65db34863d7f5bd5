-- What was said this week in articles that were withdrawn since, and who else printed those words?
-- Such statements are in no count; the words may live on elsewhere.
with

withdrawn as (
    select *
    from mart.statements_counted
    where excluded_reason = 'retracted' and on_date between date '2026-03-02' and date '2026-03-08'
    order by outlet, content_text, statement_id
    limit 20
),

elsewhere as (
    select
        withdrawn.statement_id,
        list_sort(list(distinct others.outlet)) as outlets
    from mart.statements_counted as others
    inner join withdrawn
        on
            others.content_norm = withdrawn.content_norm
            and others.article_id <> withdrawn.article_id
    where length(withdrawn.content_norm) > 30
    group by withdrawn.statement_id
)

select
    withdrawn.outlet,
    withdrawn.headline,
    withdrawn.speaker,
    withdrawn.content_text,
    elsewhere.outlets as also_in
from withdrawn
left join elsewhere on withdrawn.statement_id = elsewhere.statement_id
order by withdrawn.outlet, withdrawn.content_text, withdrawn.statement_id
