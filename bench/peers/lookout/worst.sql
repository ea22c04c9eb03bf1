select cell_id as cell, sum(erab_abn_rel) as lost, sum(erab_succ) as held
from fact_cell_kpi_1d
where period_on >= cast($since as date)
group by cell
having sum(erab_succ) >= 1000
order by sum(erab_abn_rel) / sum(erab_succ) desc, cell
limit 50
