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
select 'place' as kind, place_id as code, place_name as zh, coalesce(en, place_name) as en from dim_place
