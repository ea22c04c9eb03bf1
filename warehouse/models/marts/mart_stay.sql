-- One row per stay of a counted complaint at a department, with what sums over stays need.
-- Class: L2
-- Slice: ticket_id
-- Open: is_open
-- wait_class, pick_class: quarters of a doubling of the minutes of the stay, and from the coming to the signing (ACC):
-- class k holds 2^(k/4) up to 2^((k+1)/4) minutes, class 0 also what is shorter. from_dept: who had it before (null: it
-- was taken in here). left_by: the event that took it
-- away (null: none). is_done: here when its result was told.
-- accepted_at: midnight of the day of acceptance. n_people: 1 at the first stay here of a ticket that repeats no earlier
-- one, else 0, for small groups. picked_s: the signing, in seconds since 2000. off_s, n_off_days: what of the stay, up to the result told, lay on
-- weekends and holidays, whole days.
with tickets as (
    select
        ticket_id, accepted_on, type_l1, type_code, region_code, priority, is_repeat, feedback_at
    from mart_ticket
),
handovers as (
    select ticket_id, visit_no, dept_before, next_by, next_in_at is null as is_last from fact_ticket_handover
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
        d.*, t.accepted_on, t.type_l1, t.type_code, t.region_code, t.priority, t.is_repeat, t.feedback_at,
        h.dept_before, h.next_by, h.is_last,
        case
            when t.feedback_at < coalesce(d.out_at, r.as_of) then t.feedback_at else coalesce(d.out_at, r.as_of)
        end as told_at,
        row_number() over (partition by d.ticket_id, d.dept order by d.visit_no) as stay_no
    from fact_dept_dwell as d
    join tickets as t on t.ticket_id = d.ticket_id
    join handovers as h on h.ticket_id = d.ticket_id and h.visit_no = d.visit_no
    cross join run as r
    where d.dwell_min is not null
),
clocked as (
    select
        s.*,
        greatest(0, seconds_between(s.in_at, s.told_at)) as told_s,
        hour(s.in_at) * 3600 + minute(s.in_at) * 60 + second(s.in_at) as in_s,
        hour(s.told_at) * 3600 + minute(s.told_at) * 60 + second(s.told_at) as told_clock_s
    from stays as s
)
select
    c.ticket_id,
    c.visit_no,
    cast(c.accepted_on as timestamp) as accepted_at,
    c.type_l1,
    c.type_code,
    c.region_code,
    c.priority,
    c.dept,
    c.dept_before as from_dept,
    c.came_by,
    c.next_by as left_by,
    c.in_at,
    c.dwell_min,
    c.dwell_nonwork_min as nonwork_min,
    cast(floor(4 * ln(greatest(c.dwell_min, 1)) / 0.6931471805599453) as bigint) as wait_class,
    case when c.first_accept_min is not null then
        cast(floor(4 * ln(greatest(c.first_accept_min, 1)) / 0.6931471805599453) as bigint)
    end as pick_class,
    seconds_between(cast('2000-01-01 00:00:00' as timestamp), c.in_at) + c.first_accept_min * 60 as picked_s,
    c.told_s,
    cast(case when c.told_s = 0 then 0 else (u.n_off - i.n_off) * 86400
        - case when u.is_workday then 0 else 86400 - c.told_clock_s end
        + case when i.is_workday then 0 else 86400 - c.in_s end end as bigint) as off_s,
    cast(case when c.told_s = 0 then 0 else u.n_off - i.n_off
        + case when i.is_workday then 0 else 1 end end as bigint) as n_off_days,
    case when c.stay_no = 1 and not c.is_repeat then 1 else 0 end as n_people,
    c.is_return,
    c.is_last and c.feedback_at is not null as is_done,
    c.out_at is null as is_open
from clocked as c
left join days as i on i.date_on = cast(c.in_at as date)
left join days as u on u.date_on = cast(c.told_at as date)
