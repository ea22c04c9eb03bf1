-- One row per line that the CSV reader refused; several faults of one line count once.
-- A sample that runs over line ends means an open quote: what follows was swallowed.
select
    line,
    min(cast(error_type as varchar)) as kind,
    min(left(csv_line, 1000)) as sample,
    max(contains(rtrim(csv_line, chr(13) || chr(10)), chr(10))) as runs_on
from reject_errors
group by line
order by line
