-- Every cell has one row a day.
-- Slice: part
select cell_id, period_on, count(*) as n from fact_cell_kpi_1d group by cell_id, period_on having count(*) > 1
