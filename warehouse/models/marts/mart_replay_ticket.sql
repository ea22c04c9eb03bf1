-- One row per counted complaint with an event log and a limit: what a change of the rules would move.
-- Class: L2
-- Slice: ticket_id
-- Open: took_s is null
-- sample_key: four hexadecimal digits of the ticket's digest, evenly spread, so that "sample_key < x" is a random sample.
-- draw_key: eight more, for draws by chance that come out the same every time. is_due: closed, or open past the deadline.
-- took_s: acceptance to the result told, null while open; allowed_s: acceptance to the deadline in force.
-- approval_s as in mart_ticket_flow. is_first_line: settled by who took it in, without any dispatch.
-- accepted_at: midnight of the day.
with tickets as (
    select
        ticket_id, accepted_at, accepted_on, type_l1, type_code, region_code, channel_code, owner_dept, priority,
        cust_type, age_band, policy_id, due_at, feedback_at
    from mart_ticket
    where due_at is not null
),
ways as (
    select ticket_id, approval_s, is_dispatched from mart_ticket_flow where has_log
)
select
    t.ticket_id,
    substr(md5(t.ticket_id), 1, 4) as sample_key,
    substr(md5(t.ticket_id), 5, 8) as draw_key,
    cast(t.accepted_on as timestamp) as accepted_at,
    t.type_l1,
    t.type_code,
    t.region_code,
    t.channel_code,
    t.owner_dept,
    t.priority,
    t.cust_type,
    t.age_band,
    t.policy_id,
    seconds_between(t.accepted_at, t.feedback_at) as took_s,
    seconds_between(t.accepted_at, t.due_at) as allowed_s,
    w.approval_s,
    t.feedback_at is not null or t.due_at < r.as_of as is_due,
    not w.is_dispatched as is_first_line
from tickets as t
join ways as w on w.ticket_id = t.ticket_id
cross join run as r
