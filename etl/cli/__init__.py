"""The commands of the ETL, a file for each kind; `etl.__main__` gathers them and owns the clock."""
