-- Months of the days of cells, in order.
select distinct left(part, 7) as month_name from days_there order by month_name
