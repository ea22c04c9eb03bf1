-- One row per change, and per thing a warning can be about with the district it is in.
select 'change' as what, change_id as code, title, kind, system, started_at, scope_region as region_code
from fact_change_event
union all
select 'hall', hall_id, null, null, null, null, region_code from dim_hall
union all
select 'area', 'place:' || place_id, null, null, null, null, region_code from dim_place
union all
select 'area', 'district:' || region_code, null, null, null, null, region_code from dim_region
union all
select 'site', site_id, null, null, null, null, region_code from dim_site where region_code is not null
union all
-- A town by a name that two districts have is in neither.
select 'area', 'town:' || town, null, null, null, null, min(region_code) from dim_cell
where town is not null group by town having count(distinct region_code) = 1
union all
select distinct 'area', 'cell:' || cell_id, null, null, null, null, region_code from dim_cell where region_code is not null
