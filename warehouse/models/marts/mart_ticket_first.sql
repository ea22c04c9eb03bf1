-- One row per counted complaint that had a first reply.
-- Class: L2
-- Slice: ticket_id
-- Order: reply_minutes
-- For quantiles over long periods (quantiles.py): what took about as long lies side by side, so that of millions only
-- those near a quantile are read.
select
    ticket_id,
    accepted_at,
    first_reply_at,
    reply_minutes
from mart_ticket
where first_reply_at is not null
