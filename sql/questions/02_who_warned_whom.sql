-- Who warned whom this week, in whose words, in which outlets?
-- cue_class is the kind of speech act; the words are those of the article's content spans.
select
    statements.on_date,
    statements.outlet,
    statements.speaker,
    statements.cue_text as cue,
    string_agg(distinct actors.canonical_name, ', ' order by actors.canonical_name) as whom,
    statements.content_text as words,
    statements.statement_type as quoted
from mart.statements_counted as statements
left join core.statement_targets as targets on statements.statement_id = targets.statement_id
left join core.actors as actors on targets.actor_id = actors.actor_id
where
    statements.is_counted
    and statements.cue_class = 'warn'
    and statements.on_date between date '2026-03-02' and date '2026-03-08'
group by all
order by statements.on_date, statements.outlet, statements.speaker, words
limit 50
