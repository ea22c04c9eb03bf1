-- One row per located complaint of the kind asked about: what clustering, evidence and score need of it.
select
    t.ticket_id, t.cust_key, t.accepted_at, t.occurred_at, t.grid50, t.grid500, t.h3_8,
    coalesce(list_contains($urban, coalesce(t.urban_rural, r.urban_rural)), false) as is_urban,
    coalesce(t.region_code, '') as region_code, t.town, t.place_id, t.place_name, coalesce(t.type_detail, t.type_code) as subtype,
    t.is_repeat, coalesce(t.escalation_level <> 'L0', false) as is_escalated,
    coalesce(t.vip, false) or coalesce(t.cust_type = 'BUSINESS', false) as is_vip,
    t.serving_cell_id, t.terminal_model
from fact_ticket as t
left join dim_region as r on r.region_code = t.region_code
where
    t.is_counted and t.cust_key is not null and t.type_l1 = $type_l1 and list_contains($grades, t.geo_grade)
    and t.grid50 is not null and t.accepted_at >= $since and t.accepted_at < $until
