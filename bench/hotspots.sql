create table fact_ticket as
select
    'T' || number as ticket_id, 'K' || customer as cust_key, accepted_at, cast(accepted_at as date) as accepted_on,
    accepted_at - to_seconds(cast(chance * 40000 as bigint)) as occurred_at, grid50, cast(null as bigint) as grid500,
    h.h3_8, case when is_urban then '城镇' else '农村' end as urban_rural, 'R' || (town % 7) as region_code,
    'town ' || town as town, cast(null as varchar) as place_id, cast(null as varchar) as place_name,
    'subtype ' || (number % 5) as type_detail, 'NET01' as type_code, 'NET' as type_l1, chance < 0.09 as is_repeat,
    case when chance > 0.985 then 'L1' else 'L0' end as escalation_level, chance between 0.4 and 0.45 as vip,
    'PERSON' as cust_type, 'C' || site || '-' || (number % 3) as serving_cell_id, 'model ' || (number % 9) as terminal_model,
    'A' as geo_grade, true as is_counted
from drawn join hexagon_of as h using (hexagon);
create table dim_region as select 'R0' as region_code, '城镇' as urban_rural limit 0;
create table dim_place as
select '' as place_id, '' as place_name, '' as aliases, '' as scene, 0.0 as lon, 0.0 as lat, 0.0 as radius_m limit 0;
create table dim_cell as
select
    'C' || site || '-' || s as cell_id, 'S' || site as site_id, lon, lat, cast(120 * s as double) as azimuth_deg,
    false as is_indoor, '' as scene, date '2020-01-01' as valid_from, cast(null as date) as valid_to
from mast, range(3) as sectors(s);
create table fact_cell_kpi_1d as
select
    cell_id, cast(date '2024-01-01' + to_days(cast(d as integer)) as date) as period_on, 1000 as rrc_att, 995 as rrc_succ,
    1000 as erab_att, 994 as erab_succ, 3 as erab_abn_rel, 50 as ho_in, 400 as ho_att, 394 as ho_succ,
    40.0 + hash(cell_id, d) % 50 as prb_used_dl, 100.0 as prb_avail_dl, 20.0 as prb_used_ul, 100.0 as prb_avail_ul,
    -112.0 as ul_intf_dbm, 0.0 as unavail_s, 5000 as mr_samples, cast(hash(d, cell_id) % 700 as bigint) as mr_weak
from dim_cell, range(455) as days(d);
create table fact_alarm as
select
    'A' || n as alarm_id, 'S' || (n % 700) as site_id, '基站退服' as alarm_name,
    timestamp '2024-01-01' + to_hours(cast(n as bigint)) as started_at,
    timestamp '2024-01-01' + to_hours(cast(n + 3 as bigint)) as ended_at
from range(10900) as alarms(n);
create table fact_change_event as
select '' as change_id, '' as title, '' as kind, timestamp '2024-01-01' as started_at, timestamp '2024-01-01' as ended_at,
    '' as scope_region, '' as scope_cells limit 0;
create table fact_mr_grid_d as
select date '2024-01-01' as measured_on, cast(0 as bigint) as grid50, 1 as n_samples, 0 as n_weak limit 0;
create table fact_demarcation as select '' as ticket_id, '' as source_system, '' as cause_code limit 0;
create table fact_onsite_test as
select '' as ticket_id, 0.0 as rsrp_dbm, 0.0 as sinr_db, '' as result limit 0
