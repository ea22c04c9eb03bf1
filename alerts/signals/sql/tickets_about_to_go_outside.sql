-- One row per instant and department: open tickets with a sign that the customer will go outside.
-- Signs: a tag of the agent, two chasers, or the third complaint of one matter.
with instants as (
    select unnest($instants) as seen_at
),
stays as (
    select *, coalesce(held_to, timestamp '9999-12-31') as until_at
    from mart_ticket_held
    where (held_to is null or held_to > (select min(seen_at) from instants))
        and held_from <= (select max(seen_at) from instants)
),
chasers as (
    select
        ticket_id, contact_at,
        row_number() over (partition by ticket_id order by contact_at, contact_id) as chaser_no
    from fact_contact
    where kind = 'chaser' and ticket_id in (select ticket_id from stays)
),
signs as (
    select
        s.ticket_id, s.dept, s.accepted_at, s.until_at, s.is_tagged, s.chain_no,
        c.contact_at as chased_at,
        case when s.is_tagged or s.chain_no >= 3 then s.held_from else greatest(s.held_from, c.contact_at) end as from_at
    from stays as s
    left join chasers as c on c.ticket_id = s.ticket_id and c.chaser_no = $chasers
    where s.is_tagged or s.chain_no >= 3 or c.contact_at is not null
),
seen as (
    select i.seen_at, s.*
    from instants as i
    join signs as s on s.from_at <= i.seen_at and s.until_at > i.seen_at
)
select
    seen_at,
    dept as scope_id,
    cast(count(*) as double) as value,
    count(*) as n,
    count_if(coalesce(is_tagged, false)) as n_tagged,
    count_if(coalesce(chased_at <= seen_at, false)) as n_chased,
    count_if(coalesce(chain_no >= 3, false)) as n_third,
    min(accepted_at) as oldest_at,
    array_to_string(min_by(ticket_id, accepted_at, 5), ',') as worst,
    -- A tag is one agent's impression; a second chaser or a third complaint is what the customer did.
    case when bool_or(coalesce(chased_at <= seen_at, false) or chain_no >= 3) then 'orange' end as at_least,
    dept as owner_dept
from seen
group by all
