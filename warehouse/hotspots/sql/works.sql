-- One row per hotspot: how many of its tickets fall into planned works in its area or shortly after.
-- Works name their area by a place, a town, cells or sites; where they name none, by the district.
with works as (
    select change_id, title, started_at, coalesce(ended_at, started_at) as ended_at, scope_region, scope_cells
    from fact_change_event
    where list_contains($kinds, kind)
),
areas as (
    select s.spot_no, s.region_code, s.town, s.place_id, s.place_name, p.aliases, p.place_name as own_name
    from hot_spot as s
    left join dim_place as p on p.place_id = s.place_id
),
cells as (
    select spot_no, list(distinct cell_id) || list(distinct site_id) as ids from hot_cell group by spot_no
),
here as (
    select a.spot_no, w.change_id, w.title, w.started_at, w.ended_at
    from areas as a
    left join cells as c on c.spot_no = a.spot_no
    join works as w
        on case
            when w.scope_cells is null then w.scope_region = a.region_code
            else w.scope_cells in (a.town, a.place_name, a.own_name)
                or list_contains(string_split(coalesce(a.aliases, ''), ';'), w.scope_cells)
                or list_has_any(regexp_split_to_array(w.scope_cells, '[;,、；，\s]+'), coalesce(c.ids, []))
        end
),
met as (
    select t.spot_no, t.ticket_no, h.change_id, h.title
    from here as h
    join hot_ticket as t
        on t.spot_no = h.spot_no and h.started_at <= t.until_at
        and h.ended_at + to_seconds(cast($after_s as bigint)) >= t.from_at
)
select
    spot_no, count(distinct ticket_no) as n_hit, count(distinct change_id) as n_works, min(change_id) as example,
    arg_min(title, change_id) as title
from met
group by spot_no
