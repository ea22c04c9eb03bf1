-- Hours of copies, one day: the same figures under the copies' names.
select
    h.* replace (
        h.cell_id || '-' || c.n as cell_id,
        h.row_no + c.n * 10000000 as row_no,
        cast(h.part as varchar) as part
    )
from hour as h
cross join range($first, $last) as c(n)
