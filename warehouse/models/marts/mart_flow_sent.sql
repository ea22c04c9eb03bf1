-- One row per day of acceptance, level-1 type, approval and class of the first dispatch of counted complaints.
-- Class: L2
-- Sums: n, n_sent, n_people
-- For waits over long periods (daily.py). n_sent: tickets whose wait counts, all but those of priority P1. All other
-- columns as in mart_ticket_flow.
select
    accepted_at,
    type_l1,
    is_approved,
    dispatch_class,
    count(*) as n,
    cast(count_if(dispatch_class is not null and coalesce(priority, '') <> 'P1') as bigint) as n_sent,
    cast(sum(n_people) as bigint) as n_people
from mart_ticket_flow
group by accepted_at, type_l1, is_approved, dispatch_class
