-- How far the complaints of every customer move, once per copy: a table `moved` of ticket_id, copy and days. $first and
-- $last (excluded) name the copies. Only customers with nothing open move, by whole weeks, so that hours, weekdays and
-- chains stay; nothing moves past $as_of. What is open stays where it is.
with told as (
    select ticket_id, max(said_at) as last_at
    from (
        select ticket_id, event_at as said_at from lake_ticket_event
        union all
        select ticket_id, surveyed_at from lake_satisfaction
        union all
        select ticket_id, contact_at from lake_contact
    ) as marks
    group by ticket_id
),
tickets as (
    select
        t.ticket_id,
        coalesce(t.cust_key, t.ticket_id) as customer,
        t.accepted_at,
        t.feedback_at is null as is_open,
        greatest(t.accepted_at, t.feedback_at, t.archived_at, d.last_at) as last_at
    from lake_ticket as t
    left join told as d on d.ticket_id = t.ticket_id
),
room as (
    select
        customer,
        least(0, -cast(floor(date_diff('day', $start, min(accepted_at)) / 7.0) as bigint)) as least_weeks,
        greatest(0, cast(floor(date_diff('day', max(last_at), $as_of) / 7.0) as bigint) - 1) as most_weeks,
        bool_or(is_open) as is_open
    from tickets
    group by customer
)
select distinct
    t.ticket_id,
    c.copy,
    case
        when r.is_open then 0
        else
            7 * (r.least_weeks + cast(hash(r.customer, c.copy) % (r.most_weeks - r.least_weeks + 1) as bigint))
    end as days
from tickets as t
join room as r on r.customer = t.customer
cross join range(cast($first as bigint), cast($last as bigint)) as c (copy)
