select
    dayofweek(period_start) % 7 as weekday,
    hour(period_start) as hour,
    sum(thp_num_mbit) as mbit,
    sum(thp_den_s) as seconds
from fact_cell_kpi_1h
group by all
order by all
