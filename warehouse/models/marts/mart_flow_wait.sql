-- One row per hour of acceptance, level-1 type, district, department, kind and length class of waits of complaints.
-- Class: L2
-- wait_kind: reply (acceptance to the first contact, by the department dispatched to), dispatch_approved and
-- dispatch_plain (acceptance to the first dispatch, with and without a step of approval before it).
-- wait_class and is_off as in mart_ticket_flow. accepted_at: midnight of the day. P1 is left out: urgent tickets have
-- their own clock. n_people: tickets that repeat no earlier one, for small groups.
with waits as (
    select
        accepted_on, hour_of_day, is_workday, is_off, is_month_edge, type_l1, region_code, dept, is_repeat,
        'reply' as wait_kind,
        reply_class as wait_class
    from mart_ticket_flow
    where reply_class is not null and coalesce(priority, '') <> 'P1'
    union all
    select
        accepted_on, hour_of_day, is_workday, is_off, is_month_edge, type_l1, region_code, dept, is_repeat,
        case when is_approved then 'dispatch_approved' else 'dispatch_plain' end as wait_kind,
        dispatch_class as wait_class
    from mart_ticket_flow
    where dispatch_class is not null and coalesce(priority, '') <> 'P1'
)
select
    cast(accepted_on as timestamp) as accepted_at,
    hour_of_day,
    is_workday,
    is_off,
    is_month_edge,
    type_l1,
    region_code,
    dept,
    wait_kind,
    wait_class,
    count(*) as n_waits,
    cast(count_if(not is_repeat) as bigint) as n_people
from waits
group by
    accepted_on, hour_of_day, is_workday, is_off, is_month_edge, type_l1, region_code, dept, wait_kind, wait_class
