-- No day of a cell is more than complete.
-- Severity: warning
-- Slice: part
select cell_id, period_on, completeness from fact_cell_kpi_1d where completeness < 0 or completeness > 1
