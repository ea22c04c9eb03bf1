-- One row per counted complaint whose result was told.
-- Class: L2
-- Slice: ticket_id
-- Order: handling_hours
-- For quantiles over long periods (quantiles.py): what took about as long lies side by side, so that of millions only
-- those near a quantile are read.
select
    ticket_id,
    accepted_at,
    feedback_at,
    handling_hours
from mart_ticket
where feedback_at is not null
