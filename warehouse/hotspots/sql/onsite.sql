-- One row per hotspot: tests at its customers' places.
select
    t.spot_no, count(o.rsrp_dbm) as n_tests,
    cast(sum(cast(o.rsrp_dbm as decimal(28, 6))) as double) / nullif(count(o.rsrp_dbm), 0) as rsrp_dbm
from hot_ticket as t
join fact_onsite_test as o on o.ticket_id = t.ticket_id
group by t.spot_no
