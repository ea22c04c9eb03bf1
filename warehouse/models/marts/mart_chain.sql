-- One row per chain of repeats, for lists: how often, how far, how long, and whether it is over.
-- Class: L2
-- Slice: ticket_id as chain_id
-- accepted_at is the last complaint of the chain, so that a period shows who came again in it; first_at the first one.
-- journey_hours: from the first complaint to the result of the last one; null while one of them is open. A chain that
-- went outside has lead_hours, from the first complaint to the first outside filing. owner_dept: of the last ticket.
with last_ticket as (
    select
        chain_id, town, owner_dept, cust_type, age_band, priority, channel_code, accepted_on, answer_kind
    from mart_repeat
    qualify row_number() over (partition by chain_id order by accepted_at desc, ticket_id desc) = 1
)
select
    c.chain_id,
    c.cust_key,
    c.last_at as accepted_at,
    l.accepted_on,
    c.first_at,
    c.type_l1,
    c.type_code,
    c.region_code,
    l.town,
    l.owner_dept,
    l.channel_code,
    l.cust_type,
    l.age_band,
    l.priority,
    c.n_tickets,
    c.n_chasers,
    c.max_level,
    c.first_external_at,
    c.days_to_external * 24 as lead_hours,
    l.answer_kind,
    cast(seconds_between(c.first_at, c.last_feedback_at) as double) / 3600 as journey_hours,
    c.last_feedback_at
from fact_chain as c
join last_ticket as l on l.chain_id = c.chain_id
