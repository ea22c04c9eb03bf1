-- One row per day before (negative) or after the first day of a signal drop: complaints at the cells, and those due.
-- Class: L1
-- A drop begins at a cell on a day whose mean level lies $drop_db under that of its 28 days before (14 known at least),
-- when none began in the 7 days before. due: the cell's mean complaints a day over the whole time, for the same cells
-- and days; n_drops: drops with that day inside the time. $cell_id: of one cell alone, and $only: only its tickets that
-- may be counted; both null: of the whole network.
with levels as (
    select
        cell_id, period_on, rsrp_sum_dbm / mr_samples as level_dbm
    from fact_cell_kpi_1d
    where
        period_on >= $first_on and period_on < $end_on and mr_samples >= $samples
        and (cast($cell_id as varchar) is null or cell_id = $cell_id)
),
usual as (
    select
        cell_id, period_on, level_dbm, avg(level_dbm) over before as usual_dbm, count(level_dbm) over before as n_known
    from levels
    window before as (
        partition by cell_id order by period_on
        range between interval 28 day preceding and interval 1 day preceding
    )
),
dropped as (
    select cell_id, period_on from usual where n_known >= 14 and level_dbm <= usual_dbm - $drop_db
),
onsets as (
    select cell_id, period_on
    from dropped
    qualify coalesce(lag(period_on) over (partition by cell_id order by period_on) < period_on - interval 7 day, true)
),
days as (
    select cast(unnest(range(-$reach, $reach + 1)) as integer) as day_no
),
told as (
    select cell_id, accepted_on, count(*) as n
    from mart_ticket_cell
    where
        accepted_on >= $first_on and accepted_on < $end_on
        and (cast($cell_id as varchar) is null or cell_id = $cell_id)
        and (cast($only as varchar[]) is null or list_contains($only, ticket_id))
    group by cell_id, accepted_on
),
rates as (
    select cell_id, sum(n) / date_diff('day', cast($first_on as date), cast($end_on as date)) as a_day
    from told
    group by cell_id
)
select
    d.day_no,
    count(*) as n_drops,
    cast(coalesce(sum(t.n), 0) as bigint) as n,
    cast(coalesce(sum(r.a_day), 0) as double) as due
from onsets as o
cross join days as d
left join told as t on t.cell_id = o.cell_id and t.accepted_on = o.period_on + to_days(d.day_no)
left join rates as r on r.cell_id = o.cell_id
where o.period_on + to_days(d.day_no) >= $first_on and o.period_on + to_days(d.day_no) < $end_on
group by d.day_no
order by d.day_no
