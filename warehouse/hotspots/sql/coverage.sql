-- One row per hotspot: measurement reports of the 50 m grids inside it, over the days of its window.
select s.spot_no, cast(sum(g.n_samples) as bigint) as n_samples, sum(g.n_weak) / nullif(sum(g.n_samples), 0) as weak,
    count(distinct g.grid50) as n_grids
from hot_spot as s
join hot_grid as h on h.spot_no = s.spot_no
join (
    select
        measured_on, grid50, n_samples, n_weak,
        cast(floor((((grid50 >> 20) & 1048575) - 524288) / $cells) as bigint) as column_no,
        cast(floor(((grid50 & 1048575) - 524288) / $cells) as bigint) as row_no
    from fact_mr_grid_d
    where grid50 is not null
) as g
    on g.column_no = h.column_no and g.row_no = h.row_no
    and g.measured_on >= s.window_from and g.measured_on < s.window_until
where s.is_urban = $is_urban
group by s.spot_no
