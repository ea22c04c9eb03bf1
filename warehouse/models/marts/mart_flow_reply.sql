-- One row per day of acceptance, level-1 type, first department, time off and class of the reply to complaints.
-- Class: L2
-- Sums: n, n_replied, n_people
-- For waits over long periods (daily.py). n_replied: tickets whose wait counts, all but those of priority P1. All other
-- columns as in mart_ticket_flow.
select
    accepted_at,
    type_l1,
    dept,
    is_off,
    reply_class,
    count(*) as n,
    cast(count_if(reply_class is not null and coalesce(priority, '') <> 'P1') as bigint) as n_replied,
    cast(sum(n_people) as bigint) as n_people
from mart_ticket_flow
group by accepted_at, type_l1, dept, is_off, reply_class
