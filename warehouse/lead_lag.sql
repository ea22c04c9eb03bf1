-- One row per day before (negative) or after the first day of a signal drop: complaints at the cells, and those due.
-- Class: L1
-- Where a drop begins stands in `mart_signal_drop`. due: the cell's mean complaints a day over the whole time, for the
-- same cells and days; n_drops: drops with that day inside the time. $cell_id: of one cell alone, and $only: only its
-- tickets that may be counted; both null: of the whole network.
with onsets as (
    select cell_id, began_on
    from mart_signal_drop
    where
        began_on >= $first_on and began_on < $end_on
        and (cast($cell_id as varchar) is null or cell_id = $cell_id)
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
left join told as t on t.cell_id = o.cell_id and t.accepted_on = o.began_on + to_days(d.day_no)
left join rates as r on r.cell_id = o.cell_id
where o.began_on + to_days(d.day_no) >= $first_on and o.began_on + to_days(d.day_no) < $end_on
group by d.day_no
order by d.day_no
