-- One row per table that hotspots are made from: how many rows count, and a sum of hashes that no order of rows changes.
select 'ticket' as name, count(*) as n, cast(sum(cast(hash(
    ticket_id, cust_key, accepted_at, occurred_at, geo_grade, grid50, region_code, town, place_id, place_name, urban_rural,
    type_detail, type_code, is_repeat, escalation_level, vip, cust_type, serving_cell_id, terminal_model
) as hugeint)) as varchar) as total
from fact_ticket
where is_counted and type_l1 = $type_l1 and list_contains($grades, geo_grade) and accepted_at < $until
union all
select 'known', count(*), cast(sum(cast(hash(grid50, h3_8, region_code, urban_rural, accepted_on) as hugeint)) as varchar)
from fact_ticket
where list_contains($grades, geo_grade) and grid50 is not null and accepted_at < $until
union all
select 'day', count(*), cast(sum(cast(hash(
    cell_id, period_on, rrc_att, rrc_succ, erab_att, erab_succ, erab_abn_rel, ho_in, ho_att, ho_succ, prb_used_dl, prb_avail_dl,
    prb_used_ul, prb_avail_ul, ul_intf_dbm, unavail_s, mr_samples, mr_weak
) as hugeint)) as varchar)
from fact_cell_kpi_1d
where period_on < $until
union all
select 'grid', count(*), cast(sum(cast(hash(measured_on, grid50, n_samples, n_weak) as hugeint)) as varchar)
from fact_mr_grid_d
where measured_on < $until
union all
select 'alarm', count(*), cast(sum(cast(hash(alarm_id, site_id, alarm_name, started_at, ended_at) as hugeint)) as varchar)
from fact_alarm
where started_at < $until
union all
select 'change', count(*), cast(sum(cast(hash(c) as hugeint)) as varchar) from fact_change_event as c
union all
select 'cell', count(*), cast(sum(cast(hash(c) as hugeint)) as varchar) from dim_cell as c
union all
select 'place', count(*), cast(sum(cast(hash(p) as hugeint)) as varchar) from dim_place as p
union all
select 'region', count(*), cast(sum(cast(hash(region_code, urban_rural) as hugeint)) as varchar) from dim_region
union all
select 'probe', count(*), cast(sum(cast(hash(ticket_id, source_system, cause_code) as hugeint)) as varchar)
from fact_demarcation
union all
select 'test', count(*), cast(sum(cast(hash(ticket_id, rsrp_dbm, sinr_db, result) as hugeint)) as varchar)
from fact_onsite_test
