-- One row per cell and day.
-- Class: L2
-- Slice: part
select * from stg_cell_kpi_1d
