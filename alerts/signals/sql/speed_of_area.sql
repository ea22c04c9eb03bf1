-- One row per instant and area: how far the download speed lies under what is usual at that hour, as a share, for hours.
-- Kind: level
-- Rolls up: cell_hour_value
-- Only busy hours count. No cell is taken to be slower than its generation's limit usually: under the limit is a fall by
-- the first step. A difference within $spreads usual spreads is none.
with against as (
    select
        h.cell_id, h.hour_end, h.active_s, h.speed_mbps, u.speed_mbps as usual_mbps, u.speed_spread,
        case when c.rat = 'NR' then $slow_nr else $slow_lte end / 0.7 as least_mbps
    from cell_hour as h
    join cell_area as c on c.cell_id = h.cell_id
    join dim_date as d on d.date_on = cast(h.hour_end - interval 1 hour as date)
    join cell_usual as u
        on u.cell_id = h.cell_id and u.week_start = cast(date_trunc('week', h.hour_end - interval 1 hour) as date)
        and u.hour_no = hour(h.hour_end - interval 1 hour) and u.is_workday = d.is_workday
    where
        h.active_s > 0
        and hour(h.hour_end - interval 1 hour) >= $busy_from and hour(h.hour_end - interval 1 hour) < $busy_to
)
select
    cell_id, hour_end, active_s as n, speed_mbps as seen, usual_mbps as baseline,
    case
        when usual_mbps - speed_mbps >= $spreads * speed_spread or speed_mbps < least_mbps * 0.7
            then round(cast(1 - speed_mbps / greatest(usual_mbps, least_mbps) as double), 6)
        else 0
    end as value
from against
