-- One row per district, radio generation and week: complaints put to cells, on days with a finding there and without.
-- Class: L1
-- A finding at a cell: a figure of the day beyond its limit, a critical or major alarm of its site, or a change of the
-- network that names it, on the day of the complaint or the day before (people complain late). traffic_found and
-- traffic_fine: cell-days, each weighed by the cell's usual connection attempts (1: those of the mean cell), since busy
-- cells draw more complaints and are congested more often. n_radio, n_alarm, n_change: of n_found, those with such a
-- finding; one complaint may count for several. Only days on which the cell sent counters count, and only cells that
-- stood at the end of the week. No day of a cell without a finding is read: how many there are stands in its weeks.
with cells as (
    select cell_id, site_id, region_code, rat, town, valid_from, valid_to from dim_cell
),
weeks as (
    select cell_id, week_start, sum(n_days) as n_days, sum(rrc_att) as rrc_att, cast(sum(days_sent) as integer) as sent
    from mart_cell_week
    where week_start >= $first_on - interval 7 day and week_start < $end_on
    group by cell_id, week_start
),
placed as (
    select w.*, c.region_code, c.rat
    from weeks as w
    join cells as c
        on c.cell_id = w.cell_id
            and c.valid_from < w.week_start + interval 7 day
            and (c.valid_to is null or c.valid_to >= w.week_start + interval 7 day)
),
usual as (
    select cell_id, sum(rrc_att) / sum(n_days) as a_day
    from placed
    where week_start >= $first_on
    group by cell_id
),
traffic as (
    select cell_id, coalesce(a_day / nullif(avg(a_day) over (), 0), 1) as weight from usual
),
alarms as (
    select
        site_id, cell_id as own_id,
        unnest(generate_series(
            greatest(cast(started_at as date), cast($first_on as date) - 1),
            least(cast(coalesce(ended_at, started_at) as date), cast($end_on as date) - 1),
            interval 1 day
        )) as period_on
    from fact_alarm
    where
        severity in ('critical', 'major')
        and started_at < $end_on and coalesce(ended_at, started_at) >= $first_on - interval 1 day
),
named as (
    select
        unnest(list_append(regexp_split_to_array(scope_cells, '[;,、；，\s]+'), scope_cells)) as scope,
        generate_series(
            greatest(cast(started_at as date), cast($first_on as date) - 1),
            least(cast(coalesce(ended_at, started_at) as date), cast($end_on as date) - 1),
            interval 1 day
        ) as days
    from fact_change_event
    where
        scope_cells is not null
        and started_at < $end_on and coalesce(ended_at, started_at) >= $first_on - interval 1 day
),
changes as (
    select distinct c.cell_id, unnest(n.days) as period_on
    from named as n
    join (
        select cell_id, unnest([cell_id, site_id, town]) as scope from cells
    ) as c on c.scope = n.scope
),
marks as (
    select cell_id, period_on, true as is_radio, false as is_alarm, false as is_change
    from mart_cell_finding
    where period_on >= $first_on - interval 1 day and period_on < $end_on
    union all
    select c.cell_id, cast(a.period_on as date), false, true, false
    from alarms as a
    join cells as c
        on c.site_id = a.site_id and (a.own_id is null or a.own_id = c.cell_id)
            and c.valid_from <= a.period_on and (c.valid_to is null or c.valid_to > a.period_on)
    union all
    select cell_id, cast(period_on as date), false, false, true from changes
),
sent as (
    select m.*
    from marks as m
    semi join placed as p
        on p.cell_id = m.cell_id and p.week_start = cast(date_trunc('week', m.period_on) as date)
            and (p.sent >> cast(m.period_on - p.week_start as integer)) & 1 = 1
),
spread as (
    select
        s.cell_id, s.period_on + d.later as period_on,
        bool_or(s.is_radio) as is_radio, bool_or(s.is_alarm) as is_alarm, bool_or(s.is_change) as is_change
    from sent as s
    cross join (values (0), (1)) as d (later)
    group by s.cell_id, s.period_on + d.later
),
found as (
    select f.*, p.week_start
    from spread as f
    join placed as p
        on p.cell_id = f.cell_id and p.week_start = cast(date_trunc('week', f.period_on) as date)
            and (p.sent >> cast(f.period_on - p.week_start as integer)) & 1 = 1
    where p.week_start >= $first_on
),
found_weeks as (
    select cell_id, week_start, count(*) as n_days from found group by cell_id, week_start
),
tickets as (
    select
        p.cell_id, p.week_start,
        coalesce(sum(t.n) filter (where f.cell_id is not null), 0) as n_found,
        coalesce(sum(t.n) filter (where f.cell_id is null), 0) as n_fine,
        sum(t.n) filter (where f.is_radio) as n_radio,
        sum(t.n) filter (where f.is_alarm) as n_alarm,
        sum(t.n) filter (where f.is_change) as n_change
    from (
        select cell_id, accepted_on, count(*) as n
        from mart_ticket_cell
        where accepted_on >= $first_on and accepted_on < $end_on
        group by cell_id, accepted_on
    ) as t
    join placed as p
        on p.cell_id = t.cell_id and p.week_start = cast(date_trunc('week', t.accepted_on) as date)
            and (p.sent >> cast(t.accepted_on - p.week_start as integer)) & 1 = 1
    left join found as f on f.cell_id = t.cell_id and f.period_on = t.accepted_on
    group by p.cell_id, p.week_start
)
select
    coalesce(p.region_code, 'UNKNOWN') as region_code,
    coalesce(p.rat, 'UNKNOWN') as rat,
    p.week_start,
    cast(sum(t.n_found) as bigint) as n_found,
    cast(sum(u.weight * f.n_days) as double) as traffic_found,
    cast(sum(t.n_fine) as bigint) as n_fine,
    cast(sum(u.weight * (p.n_days - coalesce(f.n_days, 0))) as double) as traffic_fine,
    cast(sum(t.n_radio) as bigint) as n_radio,
    cast(sum(t.n_alarm) as bigint) as n_alarm,
    cast(sum(t.n_change) as bigint) as n_change
from placed as p
join traffic as u on u.cell_id = p.cell_id
left join found_weeks as f on f.cell_id = p.cell_id and f.week_start = p.week_start
left join tickets as t on t.cell_id = p.cell_id and t.week_start = p.week_start
where p.week_start >= $first_on
group by 1, 2, 3
order by 1, 2, 3
