-- One row per site: where it stands, and the names of the area, town and place around it.
select
    s.site_id, s.lon, s.lat, s.region_code, s.town, a.area_id, a.place_id, p.place_name, p.aliases
from dim_site as s
left join (
    select site_id, min(area_id) as area_id, max(place_id) as place_id from cell_area group by site_id
) as a on a.site_id = s.site_id
left join dim_place as p on p.place_id = a.place_id
where s.lon is not null
