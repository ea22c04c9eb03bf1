-- One row per hotspot, week and figure that may decide about its cause, in the order of the list.
-- Class: L2
-- verdict: hit, not, or unknown (not measured). The first cause with a hit is the hotspot's. value against limit_value;
-- share: part of its tickets (for radio: weighted by the tickets of each cell) for which it was so; n: tickets, cells,
-- samples or tests behind it; example: the worst cell, alarm, works, handset or the probe's commonest cause.
select hotspot_id, week_start, order_no, cause, figure, verdict, value, limit_value, share, n, example
from made_hotspot_cause
