-- One row per thing a warning can be about: its kind, code and name in both languages.
select 'district' as kind, region_code as code, zh, coalesce(en, zh) as en from dim_region
union all
select 'dept' as kind, dept_code as code, zh, coalesce(en, zh) as en from dim_dept
union all
select distinct 'type' as kind, type_l1 as code, l1_zh as zh, coalesce(l1_en, l1_zh) as en from dim_type
union all
select 'subtype' as kind, type_code as code, l2_zh as zh, coalesce(l2_en, l2_zh) as en from dim_type
union all
select 'hall' as kind, hall_id as code, hall_name as zh, hall_name as en from dim_hall
union all
select 'site' as kind, site_id as code, coalesce(town, '') || '基站' || site_id as zh, 'Site ' || site_id as en from dim_site
union all
select 'area' as kind, 'district:' || region_code as code, zh, coalesce(en, zh) as en from dim_region
union all
select 'area' as kind, 'place:' || place_id as code, place_name as zh, coalesce(en, place_name) as en from dim_place
union all
select distinct 'area' as kind, 'town:' || town as code, town as zh, town as en from dim_cell where town is not null
union all
select 'area' as kind, 'cell:' || cell_id as code, cell_name as zh, cell_name as en
from dim_cell where valid_to is null and cell_name is not null
union all
select 'place' as kind, place_id as code, place_name as zh, coalesce(en, place_name) as en from dim_place
union all
select 'city' as kind, 'CITY' as code, '全市' as zh, 'Whole city' as en
union all
select 'district' as kind, 'CITY' as code, '全市' as zh, 'Whole city' as en
union all
select distinct 'change' as kind, policy_id as code, zh, coalesce(en, zh) as en from dim_policy
union all
select distinct 'change' as kind, change_id as code, title as zh, title as en from fact_change_event where title is not null
union all
select 'segment' as kind, s.code, s.zh, s.en
from (values ('household', '家庭客户', 'Households'), ('personal', '个人客户', 'Personal customers'),
    ('business', '商企客户', 'Business customers')) as s (code, zh, en)
union all
select
    'hotspot' as kind, hotspot_id as code,
    coalesce(place_name, town || '附近', r.zh, '') || '热点' || hotspot_id as zh,
    'Hotspot ' || hotspot_id || coalesce(' at ' || coalesce(h.place_name, h.town, r.en), '') as en
from mart_hotspot as h
left join dim_region as r on r.region_code = h.region_code
qualify row_number() over (partition by hotspot_id order by week_start desc) = 1
