-- One row per pause of a ticket, from its event log.
-- Class: L2
-- Slice: ticket_id
-- From SUSPEND to RESUME; pauses inside a pause are one pause, over when as many were ended as begun. A RESUME alone
-- says nothing. Who answers (RES, FBK), archives or reopens does not wait: that ends every pause. ended_at null: it
-- lasts at the instant of the release.
with paused as (
    select ticket_id from fact_ticket_event where event = 'SUSPEND' group by ticket_id
),
marks as (
    select
        e.ticket_id, e.event_no, e.event_at,
        case when e.event = 'SUSPEND' then 1 when e.event = 'RESUME' then -1 else 0 end as step,
        case when e.event in ('SUSPEND', 'RESUME') then 0 else 1 end as is_end
    from fact_ticket_event as e
    join paused as p on p.ticket_id = e.ticket_id
    where e.event in ('SUSPEND', 'RESUME', 'RES', 'FBK', 'ARC', 'REOPEN') and not e.is_early
),
stretched as (
    select
        m.*,
        sum(m.is_end) over (
            partition by m.ticket_id order by m.event_no rows between unbounded preceding and current row
        ) as stretch_no
    from marks as m
),
summed as (
    select
        s.*,
        sum(s.step) over (
            partition by s.ticket_id, s.stretch_no order by s.event_no rows between unbounded preceding and current row
        ) as total
    from stretched as s
),
-- Never below none: a surplus RESUME is taken off by the lowest total so far.
deep as (
    select
        s.ticket_id, s.event_no, s.event_at, s.is_end,
        s.total - least(min(s.total) over (
            partition by s.ticket_id, s.stretch_no order by s.event_no rows between unbounded preceding and current row
        ), 0) as depth
    from summed as s
),
edges as (
    select
        d.*,
        lag(d.depth) over (partition by d.ticket_id order by d.event_no) as depth_before
    from deep as d
),
kept as (
    select ticket_id, event_no, event_at, depth
    from edges
    where (depth > 0 and coalesce(depth_before, 0) = 0) or (depth = 0 and depth_before > 0)
),
paired as (
    select
        k.ticket_id, k.depth, k.event_at as started_at,
        lead(k.event_at) over (partition by k.ticket_id order by k.event_no) as ended_at,
        k.event_no
    from kept as k
)
select
    ticket_id,
    row_number() over (partition by ticket_id order by event_no) as pause_no,
    started_at,
    ended_at
from paired
where depth > 0
