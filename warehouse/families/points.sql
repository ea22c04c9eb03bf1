-- Where every ticket stands: as the release before has it,
select
    t.ticket_id, hash(t.cust_key, t.type_code) as matter, t.cust_key is not null as has_customer, t.accepted_at,
    t.parent_ticket_id, t.merged_into
from fact_ticket as t
