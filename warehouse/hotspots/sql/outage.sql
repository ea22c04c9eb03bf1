-- One row per hotspot: how many of its tickets fall into an outage of one of its sites.
with sites as (
    select distinct spot_no, site_id from hot_cell where site_id is not null
),
alarms as (
    select a.alarm_id, a.site_id, a.started_at, coalesce(a.ended_at, $until) as ended_at
    from fact_alarm as a
    where regexp_matches(a.alarm_name, $pattern) and a.site_id in (select site_id from sites)
),
met as (
    select t.spot_no, t.ticket_no, a.alarm_id, a.started_at, a.ended_at
    from sites as s
    join alarms as a on a.site_id = s.site_id
    join hot_ticket as t on t.spot_no = s.spot_no and a.started_at <= t.until_at and a.ended_at >= t.from_at
)
select
    spot_no, count(distinct ticket_no) as n_hit, count(distinct alarm_id) as n_alarms, min(started_at) as first_at,
    max(ended_at) as last_at, min(alarm_id) as example
from met
group by spot_no
