-- One row per cell and ISO week with complaints about the network that are put to it.
-- Class: L2
-- A week without a complaint has no row. n_served: those whose ticket names the cell itself.
select
    cell_id,
    week_start,
    count(*) as n_tickets,
    cast(count_if(put_by = 'served') as bigint) as n_served
from mart_ticket_cell
group by cell_id, week_start
