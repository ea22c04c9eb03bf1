-- One row per cause that tickets were closed with, in the words of their source.
-- Class: L2
-- Sums: n_tickets
select cause_l1, cause_l2, cause_l3, count(*) as n_tickets
from fact_ticket
where cause_l1 is not null
group by cause_l1, cause_l2, cause_l3
