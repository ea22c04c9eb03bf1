-- One row per chain of repeats.
-- Class: L2; L1 region_code
-- Slice: ticket_id as chain_id
-- Two or more counted tickets of one customer and level-2 type, each within 30 days of the one before.
-- Second filings of a ticket's case are not in n_tickets, but what they reached outside is (max_level, first_external_at).
-- first_external_at: the first filing with an outside body; days_to_external counts from the first ticket of the chain.
-- region_code is that of the last ticket. last_feedback_at is null while one of the tickets is open.
with repeated as (
    select distinct chain_id from fact_ticket where is_repeat and chain_id is not null
),
tickets as (
    select t.* from fact_ticket as t join repeated as r on r.chain_id = t.chain_id where t.is_counted
),
outside as (
    select channel_code from dim_channel where is_external
),
filings as (
    select t.chain_id, min(f.accepted_at) as first_external_at
    from tickets as t
    join fact_ticket as f on f.case_id = t.ticket_id and (f.is_counted or f.is_duplicate)
    join outside as o on o.channel_code = f.channel_code
    group by t.chain_id
),
latest as (
    select chain_id, region_code
    from tickets
    qualify row_number() over (partition by chain_id order by accepted_at desc, ticket_id desc) = 1
),
chains as (
    select
        chain_id,
        min(cust_key) as cust_key,
        min(type_l1) as type_l1,
        min(type_code) as type_code,
        array_sort(array_agg(ticket_id)) as ids,
        min(accepted_at) as first_at,
        max(accepted_at) as last_at,
        count(*) as n_tickets,
        cast(sum(n_chasers) as bigint) as n_chasers,
        max(escalation_level) as max_level,
        case when count(feedback_at) = count(*) then max(feedback_at) end as last_feedback_at
    from tickets
    group by chain_id
    having count(*) > 1
)
select
    c.chain_id,
    c.cust_key,
    c.type_l1,
    c.type_code,
    l.region_code,
    joined(c.ids) as ticket_ids,
    c.first_at,
    c.last_at,
    c.n_tickets,
    c.n_chasers,
    c.max_level,
    f.first_external_at,
    cast(seconds_between(c.first_at, f.first_external_at) as double) / 86400 as days_to_external,
    c.last_feedback_at
from chains as c
join latest as l on l.chain_id = c.chain_id
left join filings as f on f.chain_id = c.chain_id
