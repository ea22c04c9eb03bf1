-- One row per instant and site that is out of service: how many are, of it and its six nearest neighbours.
-- Kind: level
-- Out: an outage alarm stands (its name matches $pattern), or one of its cells was unavailable for half of the newest
-- hour it reported in the last day.
with instants as (
    select unnest($instants) as seen_at
),
standing as (
    select i.seen_at, a.site_id, min(a.started_at) as out_since, max_by(a.category, a.started_at) as cause
    from instants as i
    join fact_alarm as a on a.started_at <= i.seen_at and (a.ended_at is null or a.ended_at > i.seen_at)
    where regexp_matches(a.alarm_name, $pattern) and a.site_id is not null
    group by i.seen_at, a.site_id
),
suspects as (
    select distinct cell_id from cell_hour where unavail_s >= 1800
),
reported as (
    select h.cell_id, h.hour_end, h.unavail_s from cell_hour as h semi join suspects as s on s.cell_id = h.cell_id
),
unavailable as (
    select i.seen_at, a.site_id, min(r.hour_end) - interval 1 hour as out_since
    from instants as i
    cross join suspects as s
    asof join reported as r on r.cell_id = s.cell_id and r.hour_end <= i.seen_at
    join cell_area as a on a.cell_id = s.cell_id
    where r.hour_end > i.seen_at - interval 24 hour and r.unavail_s >= 1800
    group by i.seen_at, a.site_id
),
out as (
    select
        coalesce(s.seen_at, u.seen_at) as seen_at, coalesce(s.site_id, u.site_id) as site_id,
        least(s.out_since, u.out_since) as out_since, coalesce(s.cause, '') as cause
    from standing as s
    full outer join unavailable as u on u.seen_at = s.seen_at and u.site_id = s.site_id
),
near as (
    select site_id, unnest(min_by(near_id, {'away': away, 'id': near_id}, 7)) as near_id
    from (
        select
            o.site_id, n.site_id as near_id,
            power((n.lon - s.lon) * cos(radians(s.lat)), 2) + power(n.lat - s.lat, 2) as away
        from (select distinct site_id from out) as o
        join dim_site as s on s.site_id = o.site_id
        join dim_site as n on n.off_air_on is null or n.site_id = o.site_id
        where n.lon is not null
    ) as d
    group by site_id
),
around as (
    select o.seen_at, o.site_id, count(distinct other.site_id) as n_sites,
        array_to_string(list_sort(list_distinct(list(other.site_id))), ',') as sites
    from out as o
    join near as n on n.site_id = o.site_id
    join out as other on other.seen_at = o.seen_at and other.site_id = n.near_id
    group by o.seen_at, o.site_id
),
home as (
    select site_id, min(area_id) as area_id, min(region_code) as region_code, max(place_id) as place_id, count(*) as n_cells
    from cell_area
    group by site_id
)
select
    o.seen_at, o.site_id as scope_id, coalesce(a.n_sites, 1) as value, cast(null as bigint) as n,
    o.out_since, o.cause, coalesce(a.sites, o.site_id) as sites, h.n_cells, cast(h.area_id as varchar) as area_id,
    h.region_code, h.place_id
from out as o
left join around as a on a.seen_at = o.seen_at and a.site_id = o.site_id
left join home as h on h.site_id = o.site_id
