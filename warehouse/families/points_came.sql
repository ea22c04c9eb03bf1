-- and as rows that came have it.
union all
select
    t.ticket_id, hash(t.cust_key, coalesce(y.type_code, 'UNMAPPED')) as matter, t.cust_key is not null as has_customer,
    t.accepted_at, t.parent_ticket_id, t.merged_into
from came_ticket as t
left join dim_type as y on y.type_code = t.type_code
