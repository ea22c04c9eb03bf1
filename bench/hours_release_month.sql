-- The days of one month: those there, and those of cells that send hours under the names of their copies.
select * from days_there where left(part, 7) = $month
union all
select d.* replace (d.cell_id || '-' || c.n as cell_id)
from days_copied as d
cross join range(1, cast($n_copies as bigint) + 1) as c(n)
where left(d.part, 7) = $month
