-- One row per hotspot, week and candidate cell, best first.
-- Class: L2
-- Cells that tickets name by their number (is_serving, n_tickets), then those near by that point at the hotspot:
-- bearing_deg from the mast to its middle, off_axis_deg that less the azimuth. The figures are of the hours of the
-- complaints (basis hour) or, where a cell sends no hours, of their days (basis day): weak share of reports, load = PRB use
-- of each day's busiest hour looked at, interference in dBm per PRB, rates as shares, outage = share of time out of service.
select
    hotspot_id, week_start, cell_rank, cell_id, site_id, distance_m, bearing_deg, off_axis_deg, is_indoor, is_serving,
    n_tickets, basis, weak, load, interference, drop_rate, access, handover, outage, n_samples, n_attempts, n_handovers
from made_hotspot_cell
