select
    period_on as day,
    sum(erab_abn_rel) as lost,
    sum(erab_succ) as held,
    sum(rrc_succ) as connected,
    sum(rrc_att) as asked
from fact_cell_kpi_1d
group by day
order by day
