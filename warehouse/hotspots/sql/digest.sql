-- One row per table that hotspots are made from and week whose result it may change first (none: every week's): how many
-- rows count, and a sum of hashes that no order of rows changes. No week looks beyond its end, so what happened belongs to
-- the week in which it did; what ends a version or an alarm to the week of that end, until which both are as if they lasted.
-- Of days, the longest table by far, only those from $days_since on are read: the weeks before are known.
select 'ticket' as name, date_trunc('week', accepted_at) as week_on, count(*) as n, cast(sum(cast(hash(
    ticket_id, cust_key, accepted_at, occurred_at, geo_grade, grid50, region_code, town, place_id, place_name, urban_rural,
    type_detail, type_code, is_repeat, escalation_level, vip, cust_type, serving_cell_id, terminal_model
) as hugeint)) as varchar) as total
from fact_ticket
where is_counted and type_l1 = $type_l1 and list_contains($grades, geo_grade) and accepted_at >= $since and accepted_at < $until
group by week_on
union all
select
    'known', date_trunc('week', accepted_at) as week_on, count(*),
    cast(sum(cast(hash(grid50, h3_8, region_code, urban_rural, accepted_on) as hugeint)) as varchar)
from fact_ticket
where list_contains($grades, geo_grade) and grid50 is not null and accepted_at >= $since and accepted_at < $until
group by week_on
union all
select 'day', date_trunc('week', period_on) as week_on, count(*), cast(sum(cast(hash(
    cell_id, period_on, rrc_att, rrc_succ, erab_att, erab_succ, erab_abn_rel, ho_in, ho_att, ho_succ, prb_used_dl, prb_avail_dl,
    prb_used_ul, prb_avail_ul, ul_intf_dbm, unavail_s, mr_samples, mr_weak
) as hugeint)) as varchar)
from fact_cell_kpi_1d
where period_on >= $days_since and period_on < $until
group by week_on
union all
select
    'grid', date_trunc('week', measured_on) as week_on, count(*),
    cast(sum(cast(hash(measured_on, grid50, n_samples, n_weak) as hugeint)) as varchar)
from fact_mr_grid_d
where measured_on >= $since and measured_on < $until
group by week_on
union all
select
    'alarm', date_trunc('week', started_at) as week_on, count(*),
    cast(sum(cast(hash(alarm_id, site_id, alarm_name, started_at) as hugeint)) as varchar)
from fact_alarm
where started_at < $until
group by week_on
union all
select
    'alarm over', date_trunc('week', ended_at) as week_on, count(*),
    cast(sum(cast(hash(alarm_id, ended_at) as hugeint)) as varchar)
from fact_alarm
where ended_at < $until
group by week_on
union all
select
    'change', date_trunc('week', started_at) as week_on, count(*),
    cast(sum(cast(hash(c) as hugeint)) as varchar)
from fact_change_event as c
where started_at < $until
group by week_on
union all
select
    'cell', date_trunc('week', valid_from) as week_on, count(*),
    cast(sum(cast(hash(cell_id, site_id, lon, lat, azimuth_deg, is_indoor, scene, valid_from) as hugeint)) as varchar)
from dim_cell
where valid_from is null or valid_from < $until
group by week_on
union all
select
    'cell over', date_trunc('week', valid_to) as week_on, count(*),
    cast(sum(cast(hash(cell_id, valid_from, valid_to) as hugeint)) as varchar)
from dim_cell
where valid_to < $until
group by week_on
union all
select 'place', null, count(*), cast(sum(cast(hash(p) as hugeint)) as varchar) from dim_place as p
union all
select 'region', null, count(*), cast(sum(cast(hash(region_code, urban_rural) as hugeint)) as varchar) from dim_region
union all
select
    'probe', date_trunc('week', t.accepted_at) as week_on, count(*),
    cast(sum(cast(hash(d.ticket_id, d.source_system, d.cause_code) as hugeint)) as varchar)
from fact_demarcation as d
join fact_ticket as t on t.ticket_id = d.ticket_id
where t.accepted_at >= $since and t.accepted_at < $until
group by week_on
union all
select
    'test', date_trunc('week', t.accepted_at) as week_on, count(*),
    cast(sum(cast(hash(o.ticket_id, o.rsrp_dbm, o.sinr_db, o.result) as hugeint)) as varchar)
from fact_onsite_test as o
join fact_ticket as t on t.ticket_id = o.ticket_id
where t.accepted_at >= $since and t.accepted_at < $until
group by week_on
