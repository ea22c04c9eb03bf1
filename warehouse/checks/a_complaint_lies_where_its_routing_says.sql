-- A complaint lies with customer care or with a department that the routing names for its type.
-- Slice: ticket_id
-- Severity: warning
select t.ticket_id, t.type_code, t.owner_dept
from fact_ticket as t
join dim_routing as r
    on r.type_code = t.type_code
    and t.accepted_on >= r.valid_from
    and (r.valid_to is null or t.accepted_on < r.valid_to)
join dim_dept as d on d.dept_code = t.owner_dept
where t.is_counted and d.kind <> 'CARE' and t.owner_dept <> r.owner_dept
    and not contains(r.co_owners, ';' || t.owner_dept || ';')
