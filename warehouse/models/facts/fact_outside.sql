-- One row per complaint filed with an outside body, also one that belongs to a case counted elsewhere.
-- Class: L2
-- Slice: ticket_id
-- What we had of the same matter before it: tickets of our own channels of the chain (one customer, one level-2 type,
-- at most 30 days from one to the next) or of the same case. first_inside_at: the first of them; lead_hours: from it to
-- the outside filing, lead_band the same in days. was_tagged: one of them carried a sign of going outside. n_inside 0:
-- it came without a warning. answered_at: the result told, of the ticket that counts for the case.
with bodies as (
    select channel_code, level from dim_channel where is_external
),
filings as (
    select
        f.ticket_id, f.cust_key, f.accepted_at, f.accepted_on, f.channel_code, b.level,
        f.type_l1, f.type_code, f.region_code, f.town, f.owner_dept, f.cust_type, f.age_band, f.priority, f.case_id,
        coalesce(h.chain_id, f.case_id) as matter_id,
        h.feedback_at as answered_at
    from fact_ticket as f
    join bodies as b on b.channel_code = f.channel_code
    join fact_ticket as h on h.ticket_id = f.case_id
    where f.is_counted or f.is_duplicate
),
inside as (
    select
        t.ticket_id, t.accepted_at, t.escalation_tendency,
        coalesce(h.chain_id, t.case_id) as matter_id
    from fact_ticket as t
    join fact_ticket as h on h.ticket_id = t.case_id
    left join bodies as b on b.channel_code = t.channel_code
    where (t.is_counted or t.is_duplicate) and b.channel_code is null
),
earlier as (
    select
        f.ticket_id,
        min(i.accepted_at) as first_inside_at,
        count(*) as n_inside,
        count(i.escalation_tendency) > 0 as was_tagged
    from filings as f
    join inside as i on i.matter_id = f.matter_id and i.accepted_at < f.accepted_at
    group by f.ticket_id
),
chasers as (
    select f.ticket_id, count(*) as n_chasers
    from filings as f
    join inside as i on i.matter_id = f.matter_id and i.accepted_at < f.accepted_at
    join fact_contact as c on c.ticket_id = i.ticket_id and c.kind = 'chaser' and c.contact_at < f.accepted_at
    group by f.ticket_id
)
select
    f.*,
    e.first_inside_at,
    coalesce(e.n_inside, 0) as n_inside,
    coalesce(c.n_chasers, 0) as n_chasers_before,
    coalesce(e.was_tagged, false) as was_tagged,
    cast(seconds_between(e.first_inside_at, f.accepted_at) as double) / 3600 as lead_hours,
    case
        when e.first_inside_at is null then 'none'
        when seconds_between(e.first_inside_at, f.accepted_at) < 3 * 86400 then 'd0_3'
        when seconds_between(e.first_inside_at, f.accepted_at) < 7 * 86400 then 'd3_7'
        when seconds_between(e.first_inside_at, f.accepted_at) < 15 * 86400 then 'd7_15'
        when seconds_between(e.first_inside_at, f.accepted_at) < 30 * 86400 then 'd15_30'
        else 'd30'
    end as lead_band
from filings as f
left join earlier as e on e.ticket_id = f.ticket_id
left join chasers as c on c.ticket_id = f.ticket_id
