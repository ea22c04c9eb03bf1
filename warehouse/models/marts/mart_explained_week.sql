-- One row per district, radio generation and week of the last quarter: complaints at cells with and without a finding.
-- Class: L2
-- A finding at a cell: a figure of the day beyond its limit, a critical or major alarm of its site, or a change of the
-- network that names it, on the day of the complaint or the day before (people complain late). traffic_found and
-- traffic_fine: cell-days, each weighed by the cell's usual connection attempts (1: those of the mean cell), since busy
-- cells draw more complaints and are congested more often. n_radio, n_alarm, n_change: of n_found, those with such a
-- finding; one complaint may count for several. Only days on which the cell sent counters count, and only cells that
-- stood at the end of the week. No day of a cell without a finding is read: how many there are stands in its weeks.
-- Fractions are added as decimals: sums of doubles hang on the order of rows.
with spans as (
    select
        cast(date_trunc('week', as_of) as date) as end_on,
        cast(date_trunc('week', as_of) - interval 91 day as date) as first_on,
        cast(date_trunc('week', as_of) - interval 92 day as date) as eve_on,
        cast(date_trunc('week', as_of) - interval 98 day as date) as earlier_on
    from run
),
days as (
    select d.date_on, d.week_start, cast(power(2, d.weekday - 1) as bigint) as bit
    from dim_date as d
    cross join spans as s
    where d.date_on >= s.eve_on and d.date_on < s.end_on
),
weeks as (
    select
        w.cell_id, w.week_start, cast(sum(w.n_days) as bigint) as n_days, cast(sum(w.rrc_att) as bigint) as rrc_att,
        cast(sum(w.days_sent) as bigint) as days_sent
    from mart_cell_week as w
    cross join spans as s
    where w.week_start >= s.earlier_on and w.week_start < s.end_on
    group by w.cell_id, w.week_start
),
placed as (
    select w.cell_id, w.week_start, w.n_days, w.rrc_att, w.days_sent, c.region_code, c.rat
    from weeks as w
    join dim_cell as c
        on c.cell_id = w.cell_id
            and c.valid_from < w.week_start + interval 7 day
            and (c.valid_to is null or c.valid_to >= w.week_start + interval 7 day)
),
usual as (
    select p.cell_id, cast(cast(sum(p.rrc_att) as double) / sum(p.n_days) as decimal(28, 8)) as a_day
    from placed as p
    cross join spans as s
    where p.week_start >= s.first_on
    group by p.cell_id
),
mean_cell as (
    select cast(sum(a_day) as double) / count(a_day) as a_day from usual
),
traffic as (
    select u.cell_id, coalesce(cast(u.a_day as double) / nullif(m.a_day, 0), 1) as weight
    from usual as u
    cross join mean_cell as m
),
marks as (
    select f.cell_id, f.period_on as date_on, 1 as is_radio, 0 as is_alarm, 0 as is_change
    from mart_cell_finding as f
    cross join spans as s
    where f.period_on >= s.eve_on and f.period_on < s.end_on
    union all
    select c.cell_id, d.date_on, 0 as is_radio, 1 as is_alarm, 0 as is_change
    from fact_alarm as a
    join days as d
        on d.date_on >= cast(a.started_at as date) and d.date_on <= cast(coalesce(a.ended_at, a.started_at) as date)
    join dim_cell as c
        on c.site_id = a.site_id and (a.cell_id is null or a.cell_id = c.cell_id)
            and c.valid_from <= d.date_on and (c.valid_to is null or c.valid_to > d.date_on)
    where a.severity in ('critical', 'major')
    union all
    select c.cell_id, d.date_on, 0 as is_radio, 0 as is_alarm, 1 as is_change
    from fact_change_event as e
    join days as d
        on d.date_on >= cast(e.started_at as date) and d.date_on <= cast(coalesce(e.ended_at, e.started_at) as date)
    join dim_cell as c
        on contains(e.scope_cells, c.cell_id) or contains(e.scope_cells, c.site_id) or e.scope_cells = c.town
),
sent as (
    select m.cell_id, m.date_on, m.is_radio, m.is_alarm, m.is_change
    from marks as m
    join days as d on d.date_on = m.date_on
    join placed as p on p.cell_id = m.cell_id and p.week_start = d.week_start
    where cast(floor(p.days_sent / d.bit) as bigint) % 2 = 1
),
late as (
    select cell_id, date_on, is_radio, is_alarm, is_change from sent
    union all
    select cell_id, cast(date_on + interval 1 day as date) as date_on, is_radio, is_alarm, is_change from sent
),
spread as (
    select
        cell_id, date_on, max(is_radio) as is_radio, max(is_alarm) as is_alarm, max(is_change) as is_change
    from late
    group by cell_id, date_on
),
found as (
    select f.cell_id, f.date_on, f.is_radio, f.is_alarm, f.is_change, p.week_start
    from spread as f
    join days as d on d.date_on = f.date_on
    join placed as p on p.cell_id = f.cell_id and p.week_start = d.week_start
    cross join spans as s
    where f.date_on >= s.first_on and cast(floor(p.days_sent / d.bit) as bigint) % 2 = 1
),
found_weeks as (
    select cell_id, week_start, count(*) as n_days from found group by cell_id, week_start
),
told as (
    select t.cell_id, t.accepted_on, count(*) as n
    from mart_ticket_cell as t
    cross join spans as s
    where t.accepted_on >= s.first_on and t.accepted_on < s.end_on
    group by t.cell_id, t.accepted_on
),
tickets as (
    select
        p.cell_id, p.week_start,
        sum(case when f.cell_id is not null then t.n else 0 end) as n_found,
        sum(case when f.cell_id is null then t.n else 0 end) as n_fine,
        sum(t.n * coalesce(f.is_radio, 0)) as n_radio,
        sum(t.n * coalesce(f.is_alarm, 0)) as n_alarm,
        sum(t.n * coalesce(f.is_change, 0)) as n_change
    from told as t
    join days as d on d.date_on = t.accepted_on
    join placed as p on p.cell_id = t.cell_id and p.week_start = d.week_start
    left join found as f on f.cell_id = t.cell_id and f.date_on = t.accepted_on
    where cast(floor(p.days_sent / d.bit) as bigint) % 2 = 1
    group by p.cell_id, p.week_start
)
select
    coalesce(p.region_code, 'UNKNOWN') as region_code,
    coalesce(p.rat, 'UNKNOWN') as rat,
    p.week_start,
    cast(coalesce(sum(t.n_found), 0) as bigint) as n_found,
    cast(sum(cast(u.weight * coalesce(f.n_days, 0) as decimal(28, 8))) as double) as traffic_found,
    cast(coalesce(sum(t.n_fine), 0) as bigint) as n_fine,
    cast(sum(cast(u.weight * (p.n_days - coalesce(f.n_days, 0)) as decimal(28, 8))) as double) as traffic_fine,
    cast(coalesce(sum(t.n_radio), 0) as bigint) as n_radio,
    cast(coalesce(sum(t.n_alarm), 0) as bigint) as n_alarm,
    cast(coalesce(sum(t.n_change), 0) as bigint) as n_change
from placed as p
join traffic as u on u.cell_id = p.cell_id
left join found_weeks as f on f.cell_id = p.cell_id and f.week_start = p.week_start
left join tickets as t on t.cell_id = p.cell_id and t.week_start = p.week_start
cross join spans as s
where p.week_start >= s.first_on
group by coalesce(p.region_code, 'UNKNOWN'), coalesce(p.rat, 'UNKNOWN'), p.week_start
