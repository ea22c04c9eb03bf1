-- One row per cell and quarter of an hour, as sent.
-- Class: L2
-- Slice: part
-- Stays in the lake: quarters are read for one cell at a time and would make a release forty times as large.
select * from stg_cell_kpi_15m
