-- One row per source table and month: days with data against days expected, up to the instant of the release.
-- Class: L1
-- Tables whose source tells of every day; alarms and changes may have quiet days, grids come now and then.
with present as (
    select 'ticket' as table_name, accepted_on as day_on, count(*) as n_rows from fact_ticket group by accepted_on
    union all
    select 'ticket_event' as table_name, cast(event_at as date) as day_on, count(*) as n_rows
    from fact_ticket_event
    group by cast(event_at as date)
    union all
    select 'satisfaction' as table_name, cast(surveyed_at as date) as day_on, count(*) as n_rows
    from fact_satisfaction
    group by cast(surveyed_at as date)
    union all
    select 'cell_kpi_1d' as table_name, period_on as day_on, count(*) as n_rows
    from fact_cell_kpi_1d
    group by period_on
    union all
    select 'biz_op' as table_name, op_on as day_on, count(*) as n_rows from fact_biz_op group by op_on
    union all
    select 'staffing' as table_name, worked_on as day_on, count(*) as n_rows from fact_staffing group by worked_on
    union all
    select 'ai_session' as table_name, session_on as day_on, count(*) as n_rows from fact_ai_session group by session_on
    union all
    select 'port' as table_name, ported_on as day_on, count(*) as n_rows from fact_port_out group by ported_on
),
spans as (
    select table_name, min(day_on) as first_on from present group by table_name
),
expected as (
    select s.table_name, d.date_on, d.month_start
    from spans as s
    join dim_date as d on d.date_on >= s.first_on
    cross join run as r
    where d.date_on < cast(r.as_of as date)
)
select
    e.table_name,
    e.month_start,
    count(*) as n_days_expected,
    count(p.day_on) as n_days_present,
    cast(coalesce(sum(p.n_rows), 0) as bigint) as n_rows
from expected as e
left join present as p on p.table_name = e.table_name and p.day_on = e.date_on
group by e.table_name, e.month_start
