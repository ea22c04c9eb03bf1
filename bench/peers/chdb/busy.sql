with days as (
    select CGI, toDate(`开始时间`) as day, max(`下行PRB占用数` / `下行PRB可用数`) as busiest from kpi group by CGI, day
),
cells as (select CGI, countIf(busiest > 0.8) as n_full from days group by CGI)
select count() as cells, countIf(n_full >= 3) as full_cells from cells
