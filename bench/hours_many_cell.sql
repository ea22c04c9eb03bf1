-- Cells of copies: every cell that sends hours, on a site of its own. Each copy of the network is moved by a step of its
-- own within 15 km, so that sites lie beside each other as a large network's do, and not a hundred at one place.
select
    m.* replace (
        m.cell_id || '-' || c.n as cell_id,
        m.site_id || '-' || c.n as site_id,
        m.lon + ((c.n * 619) % 1000 - 500) * 0.0003 as lon,
        m.lat + ((c.n * 367) % 1000 - 500) * 0.00025 as lat,
        m.row_no + c.n * 10000000 as row_no
    )
from cell as m
semi join (select distinct cell_id from hour) as h on h.cell_id = m.cell_id
cross join range($first, $last) as c(n)
