-- One row per hotspot: tests at its customers' places.
select
    t.spot_no, count(o.rsrp_dbm) as n_tests,
    cast(sum(cast(o.rsrp_dbm as decimal(28, 6))) as double) / nullif(count(o.rsrp_dbm), 0) as rsrp_dbm
from fact_onsite_test as o
join hot_all as a on a.ticket_id = o.ticket_id
join hot_ticket as t on t.ticket_no = a.ticket_no
group by t.spot_no
