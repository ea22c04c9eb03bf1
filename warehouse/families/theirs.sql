-- Every place of every ticket in a matter of the family. A matter is a customer and a level-2 type, as a hash: that two
-- share one by chance makes a family larger than it need be, and no more.
with matters as (
    select distinct p.matter
    from points as p
    semi join family as f on f.ticket_id = p.ticket_id
    where p.has_customer
)
select p.ticket_id, p.matter, p.accepted_at, f.ticket_id is not null as is_family
from points as p
semi join matters as m on m.matter = p.matter
left join family as f on f.ticket_id = p.ticket_id
where p.has_customer
