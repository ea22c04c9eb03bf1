-- From which row number to which a file took rows of a level away, and how many: all between where it is as many.
select $layer as layer, '$name' as table_name, level, min(row_no) as first_no, max(row_no) as last_no, count(*) as n
from $gone
group by level
