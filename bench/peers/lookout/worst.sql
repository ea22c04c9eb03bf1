select cell_id as cell, sum(erab_abn_rel) as lost, sum(erab_succ) as held
from fact_cell_kpi_1h
where period_start >= $since
group by cell
having sum(erab_succ) >= 1000
order by sum(erab_abn_rel) / sum(erab_succ) desc, cell
limit 50
