-- One row per counted complaint and department it was with after its dispatch.
-- Class: L2
-- sample_key and accepted_at as in mart_replay_ticket. dwell_s: all its time there up to the result told; off_s: the part
-- of it on weekends and holidays, whole days; n_off_days: on how many of them it lay there.
with tickets as (
    select ticket_id, accepted_on, type_l1, region_code, feedback_at from mart_ticket where due_at is not null
),
days as (
    select
        date_on,
        is_workday,
        sum(case when is_workday then 0 else 1 end) over (
            order by date_on rows between unbounded preceding and current row
        ) as n_off
    from dim_date
),
stays as (
    select
        d.ticket_id, d.dept, d.in_at, t.accepted_on, t.type_l1, t.region_code,
        case
            when t.feedback_at < coalesce(d.out_at, r.as_of) then t.feedback_at else coalesce(d.out_at, r.as_of)
        end as until_at
    from fact_dept_dwell as d
    join tickets as t on t.ticket_id = d.ticket_id
    cross join run as r
    where d.came_by <> 'ACP'
),
clocked as (
    select
        s.*,
        seconds_between(s.in_at, s.until_at) as dwell_s,
        hour(s.in_at) * 3600 + minute(s.in_at) * 60 + second(s.in_at) as in_s,
        hour(s.until_at) * 3600 + minute(s.until_at) * 60 + second(s.until_at) as until_s
    from stays as s
    where s.until_at >= s.in_at
),
counted as (
    select
        c.ticket_id, c.dept, c.accepted_on, c.type_l1, c.region_code, c.dwell_s,
        (u.n_off - i.n_off) * 86400
            - case when u.is_workday then 0 else 86400 - c.until_s end
            + case when i.is_workday then 0 else 86400 - c.in_s end as off_s,
        u.n_off - i.n_off + case when i.is_workday then 0 else 1 end as n_off_days
    from clocked as c
    join days as i on i.date_on = cast(c.in_at as date)
    join days as u on u.date_on = cast(c.until_at as date)
)
select
    ticket_id,
    substr(md5(ticket_id), 1, 4) as sample_key,
    cast(accepted_on as timestamp) as accepted_at,
    type_l1,
    region_code,
    dept,
    cast(sum(dwell_s) as bigint) as dwell_s,
    cast(sum(off_s) as bigint) as off_s,
    cast(sum(n_off_days) as bigint) as n_off_days
from counted
group by ticket_id, accepted_on, type_l1, region_code, dept
