-- The rows of `mart_explained_week` from every day of every cell, as it was asked before they were published.
-- Class: L1
-- A finding at a cell: a figure of the day beyond its limit, a critical or major alarm of its site, or a change of the
-- network that names it, on the day of the complaint or the day before (people complain late). traffic_found and
-- traffic_fine: cell-days, each weighed by the cell's usual connection attempts (1: those of the mean cell), since busy
-- cells draw more complaints and are congested more often. n_radio, n_alarm, n_change: of n_found, those with such a
-- finding; one complaint may count for several.
with days as (
    select
        k.cell_id, k.period_on, k.rrc_att,
        coalesce(
            (k.mr_samples >= $samples and k.mr_weak > $weak * k.mr_samples)
            or (k.prb_avail_dl > 0 and k.prb_used_dl > $load * k.prb_avail_dl)
            or k.ul_intf_dbm > $interference
            or (
                k.erab_succ + coalesce(k.ho_in, 0) >= $attempts
                and k.erab_abn_rel > $drop * (k.erab_succ + coalesce(k.ho_in, 0))
            )
            or (k.ho_att >= $attempts and k.ho_succ < $handover * k.ho_att)
            or (
                k.rrc_att >= $attempts and k.erab_att >= $attempts
                and (k.rrc_succ / k.rrc_att) * (k.erab_succ / k.erab_att) < $access
            )
            or k.unavail_s > $outage * 86400,
            false
        ) as is_radio
    from fact_cell_kpi_1d as k
    where k.period_on >= $first_on - interval 1 day and k.period_on < $end_on
),
cells as (
    select cell_id, site_id, region_code, rat, town, valid_from, valid_to from dim_cell
),
placed as (
    select d.*, c.site_id, c.region_code, c.rat, c.town
    from days as d
    join cells as c
        on c.cell_id = d.cell_id and d.period_on >= c.valid_from and (c.valid_to is null or d.period_on < c.valid_to)
),
alarmed as (
    select distinct p.cell_id, p.period_on
    from placed as p
    join fact_alarm as a
        on a.site_id = p.site_id and (a.cell_id is null or a.cell_id = p.cell_id)
            and a.severity in ('critical', 'major')
            and a.started_at < p.period_on + interval 1 day and coalesce(a.ended_at, a.started_at) >= p.period_on
),
named as (
    select distinct c.cell_id, cast(e.started_at as date) as first_on, cast(coalesce(e.ended_at, e.started_at) as date) as last_on
    from fact_change_event as e
    join (select distinct cell_id, site_id, town from cells) as c
        on contains(e.scope_cells, c.cell_id) or contains(e.scope_cells, c.site_id) or e.scope_cells = c.town
    where e.started_at < $end_on and coalesce(e.ended_at, e.started_at) >= $first_on - interval 1 day
),
changed as (
    select distinct p.cell_id, p.period_on
    from placed as p
    join named as n on n.cell_id = p.cell_id and p.period_on between n.first_on and n.last_on
),
marked as (
    select
        p.*, a.cell_id is not null as is_alarm, g.cell_id is not null as is_change
    from placed as p
    left join alarmed as a on a.cell_id = p.cell_id and a.period_on = p.period_on
    left join changed as g on g.cell_id = p.cell_id and g.period_on = p.period_on
),
late as (
    select
        cell_id, region_code, rat, period_on,
        max(is_radio) over around as is_radio, max(is_alarm) over around as is_alarm,
        max(is_change) over around as is_change,
        avg(rrc_att) over (partition by cell_id) as usual
    from marked
    window around as (
        partition by cell_id order by period_on range between interval 1 day preceding and current row
    )
),
mean_cell as (
    select avg(usual) as usual from (select distinct cell_id, usual from late) as l
),
told as (
    select cell_id, accepted_on, count(*) as n
    from mart_ticket_cell
    where accepted_on >= $first_on and accepted_on < $end_on
    group by cell_id, accepted_on
),
both_sides as (
    select
        l.*, coalesce(t.n, 0) as n, l.is_radio or l.is_alarm or l.is_change as is_found,
        coalesce(l.usual / nullif(m.usual, 0), 1) as traffic
    from late as l
    cross join mean_cell as m
    left join told as t on t.cell_id = l.cell_id and t.accepted_on = l.period_on
    where l.period_on >= $first_on
)
select
    coalesce(region_code, 'UNKNOWN') as region_code,
    coalesce(rat, 'UNKNOWN') as rat,
    cast(date_trunc('week', period_on) as date) as week_start,
    cast(sum(n) filter (where is_found) as bigint) as n_found,
    sum(traffic) filter (where is_found) as traffic_found,
    cast(sum(n) filter (where not is_found) as bigint) as n_fine,
    sum(traffic) filter (where not is_found) as traffic_fine,
    cast(sum(n) filter (where is_radio) as bigint) as n_radio,
    cast(sum(n) filter (where is_alarm) as bigint) as n_alarm,
    cast(sum(n) filter (where is_change) as bigint) as n_change
from both_sides
group by 1, 2, 3
order by 1, 2, 3
