-- One row per instant and first department: complaints of 8 hours that were written up or passed on too late.
-- Kind: lower_rate
-- Late: written up more than 5 minutes after acceptance, or sent on more than 10. What is not known yet is not counted.
with instants as (
    select unnest($instants) as seen_at
),
begun as (
    select h.ticket_id, h.dept, h.accepted_at, t.dispatched_at
    from mart_ticket_held as h
    join fact_ticket as t on t.ticket_id = h.ticket_id
    where h.visit_no = 1
        and h.accepted_at > (select min(seen_at) from instants) - interval 10 hour
        and h.accepted_at <= (select max(seen_at) from instants)
        and t.accepted_at > (select min(seen_at) from instants) - interval 10 hour
        and t.accepted_at <= (select max(seen_at) from instants)
),
written as (
    select ticket_id, min(ended_at) as registered_at
    from fact_ticket_stage
    where stage = 'REG' and cycle_no = 1 and ticket_id in (select ticket_id from begun)
    group by ticket_id
),
starts as (
    select
        b.ticket_id, b.dept, b.accepted_at,
        w.registered_at > b.accepted_at + to_seconds(60 * $register_minutes) as is_late_written,
        b.dispatched_at > b.accepted_at + to_seconds(60 * $dispatch_minutes) as is_late_sent
    from begun as b
    left join written as w on w.ticket_id = b.ticket_id
)
select
    i.seen_at,
    s.dept as scope_id,
    count_if(coalesce(s.is_late_written, false) or coalesce(s.is_late_sent, false)) as k,
    count(*) as n,
    count_if(coalesce(s.is_late_written, false)) as n_late_written,
    count_if(coalesce(s.is_late_sent, false)) as n_late_sent,
    s.dept as owner_dept
from instants as i
join starts as s
    on s.accepted_at <= i.seen_at - to_seconds(60 * $dispatch_minutes)
    and s.accepted_at > i.seen_at - to_seconds(60 * $dispatch_minutes) - interval 8 hour
group by all
