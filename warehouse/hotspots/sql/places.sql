-- One row per named place with a position.
select place_id, place_name, scene, lon, lat, radius_m from dim_place where lon is not null order by place_id
