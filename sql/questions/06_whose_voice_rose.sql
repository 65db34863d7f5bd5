-- Whose share of voice rose from the first half of the week to the second?
-- Shares are of all counted statements of these days, by whomever.
with

halves as (
    select
        speaker_actor_id,
        speaker,
        coalesce(sum(n_statements) filter (on_date <= date '2026-03-03'), 0) as n_before,
        coalesce(sum(n_statements) filter (on_date > date '2026-03-03'), 0) as n_after
    from mart.voice_by_day
    where on_date between date '2026-03-02' and date '2026-03-05'
    group by all
),

wholes as (
    select
        count(*) filter (on_date <= date '2026-03-03') as n_before,
        count(*) filter (on_date > date '2026-03-03') as n_after
    from mart.statements_counted
    where is_counted and on_date between date '2026-03-02' and date '2026-03-05'
)

select
    halves.speaker,
    halves.n_before,
    halves.n_after,
    round(100 * halves.n_before / wholes.n_before, 1) as percent_before,
    round(100 * halves.n_after / wholes.n_after, 1) as percent_after
from halves
cross join wholes
where halves.n_after / wholes.n_after > halves.n_before / wholes.n_before
order by halves.n_after / wholes.n_after - halves.n_before / wholes.n_before desc, halves.speaker asc
limit 8
