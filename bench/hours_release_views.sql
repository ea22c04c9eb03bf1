-- What reads counters, as it was made.
select sql from duckdb_views() where schema_name = 'main' and contains(view_name, 'cell_kpi')
