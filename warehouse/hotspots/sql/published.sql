-- One row per hotspot and week in which it is there, with its squares.
select
    h.hotspot_id, h.week_start, h.is_urban, h.x_m, h.y_m, g.grid_m,
    list(g.column_no order by g.column_no, g.row_no) as columns, list(g.row_no order by g.column_no, g.row_no) as lines
from mart_hotspot as h
join mart_hotspot_grid as g on g.hotspot_id = h.hotspot_id and g.week_start = h.week_start
where h.state <> 'gone'
group by all
order by h.week_start, h.hotspot_id
