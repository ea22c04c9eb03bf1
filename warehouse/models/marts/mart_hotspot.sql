-- One row per hotspot and week: where complaints about the network lie closer together than they should.
-- Class: L1; L2 lon, lat, x_m, y_m, radius_m
-- Made by `hotspots` (docs/decisions/0019), one snapshot per complete week. A row looks at the 30 days (window_days; 7 for
-- what has only just broken out) before the end of its week. hotspot_id is fixed when a release first speaks of it.
-- state: new, persisting, worse, easing, or gone: the first week in which it is none any more. n_weeks: weeks alive so far.
-- gate: why it is one: excess (p_value < 0.005), volume (10 customers or more), kept (neither, but it was one last week).
-- related_id: the hotspot it split off from, or for one that is gone the one that now covers its ground.
-- n_customers: different customers in the window, n_customers_week in the week itself; n_tickets: of one customer, grid and
-- subtype one. expected: customers due in its reach by the 12 usual weeks before, drawn toward the district's mean; missing
-- while history is short. p_value: Poisson tail. n_repeat, n_escalated, n_vip: customers with such a ticket.
-- score: 0 to 100, the sum of its parts. cause: the first of causes (comma between them); undetermined where none spoke.
-- place_id: a named place within which the middle lies; place_name: its name, else the estate most tickets name.
-- lon, lat, x_m, y_m: the middle, WGS-84 and metres of the grid; radius_m: to the farthest customer.
select
    hotspot_id, week_start, state, first_week_on, n_weeks, related_id, region_code, town, place_id, place_name, scene,
    is_urban, lon, lat, x_m, y_m, radius_m, n_grids, window_days, gate, n_tickets, n_customers, n_customers_week, expected,
    n_customers - expected as excess, p_value, n_repeat, n_escalated, n_vip, score, score_excess, score_repeat,
    score_escalated, score_radio, score_vip, cause, causes
from made_hotspot
