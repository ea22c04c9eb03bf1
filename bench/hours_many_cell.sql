-- Cells of copies: every cell that sends hours, at its place, on a site of its own.
select
    m.* replace (
        m.cell_id || '-' || c.n as cell_id,
        m.site_id || '-' || c.n as site_id,
        m.row_no + c.n * 10000000 as row_no
    )
from cell as m
semi join (select distinct cell_id from hour) as h on h.cell_id = m.cell_id
cross join range($first, $last) as c(n)
