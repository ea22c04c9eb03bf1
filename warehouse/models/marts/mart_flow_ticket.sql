-- One row per day of acceptance, level-1 type, district and first department of counted complaints.
-- Class: L2
-- Sums: n_tickets, n_logged, n_dispatched, n_on_target, n_approved, n_approvals, n_transfers, n_rejects, n_sent_back
-- Sums: n_thrice, n_moved, n_looped, n_bounced, n_reopened, n_reopened_again, n_retyped, n_closed, n_gappy, n_unsurveyed
-- Sums: n_routed, n_off_route, n_people
-- Sums of mart_ticket_flow: n_ are tickets, except approvals, transfers and rejects. accepted_at: midnight of the day.
-- n_people: tickets that repeat no earlier one, for small groups.
select
    accepted_at,
    type_l1,
    region_code,
    dept,
    count(*) as n_tickets,
    cast(count_if(has_log) as bigint) as n_logged,
    cast(count_if(is_dispatched) as bigint) as n_dispatched,
    cast(count_if(is_routed) as bigint) as n_routed,
    cast(count_if(is_off_route) as bigint) as n_off_route,
    cast(count_if(is_on_target) as bigint) as n_on_target,
    cast(count_if(is_approved) as bigint) as n_approved,
    cast(sum(n_approvals) as bigint) as n_approvals,
    cast(sum(n_transfers) as bigint) as n_transfers,
    cast(sum(n_rejects) as bigint) as n_rejects,
    cast(count_if(n_rejects > 0 and is_dispatched) as bigint) as n_sent_back,
    cast(count_if(n_transfers >= 3 and has_log) as bigint) as n_thrice,
    cast(count_if(is_moved) as bigint) as n_moved,
    cast(count_if(n_loops > 0) as bigint) as n_looped,
    cast(count_if(n_bounces > 0) as bigint) as n_bounced,
    cast(count_if(n_reopens > 0 and has_log) as bigint) as n_reopened,
    cast(count_if(n_reopens > 1 and has_log) as bigint) as n_reopened_again,
    cast(count_if(is_retyped) as bigint) as n_retyped,
    cast(count_if(is_closed) as bigint) as n_closed,
    cast(count_if(is_gappy) as bigint) as n_gappy,
    cast(count_if(is_unsurveyed) as bigint) as n_unsurveyed,
    cast(sum(n_people) as bigint) as n_people
from mart_ticket_flow
group by accepted_at, type_l1, region_code, dept
