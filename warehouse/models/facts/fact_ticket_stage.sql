-- One row per ticket, cycle and stage it reached, and the one an open ticket waits for.
-- Class: L2
-- Slice: ticket_id
-- Open: ended_at is null
-- A stage ends with its first event of the cycle, or its last where it may be done over (dim_stage.ends_with); it starts
-- where the stage before it in time ended, the first one at the acceptance or the reopening. So the stages of a cycle
-- add up to the whole and none is negative; is_out_of_turn: a later stage was reached before it (2.7 no. 14).
-- ended_at null: an open ticket waits for this stage, counted up to the instant of the release.
-- elapsed_s, paused_s, net_s: from started_at; since_accepted_s and since_accepted_paused_s: from the acceptance, over
-- all cycles, as the customer counts. Pauses of a source without a log are unknown: null.
-- source: the log, or a summary column of the export where the log is silent.
with events as (
    select * from fact_ticket_event where is_known and not is_early
),
stages as (
    select * from dim_stage
),
tickets as (
    select * from fact_ticket
),
logs as (
    select * from fact_ticket_log
),
visits as (
    select ticket_id, visit_no, dept, event_no, next_event_no from fact_ticket_handover
),
logged as (
    select
        e.ticket_id,
        e.cycle_no,
        e.event as stage,
        count(*) as n_visits,
        case when s.ends_with = 'first' then min(e.event_no) else max(e.event_no) end as event_no,
        case when s.ends_with = 'first' then min(e.event_at) else max(e.event_at) end as ended_at
    from events as e
    join stages as s on s.stage = e.event
    group by e.ticket_id, e.cycle_no, e.event, s.ends_with
),
summaries as (
    select ticket_id, 'ACP' as stage, accepted_at as ended_at from tickets
    union all
    select ticket_id, 'DSP' as stage, dispatched_at as ended_at from tickets
    union all
    select ticket_id, 'FRS' as stage, first_reply_at as ended_at from tickets
    union all
    select ticket_id, 'RES' as stage, resolved_at as ended_at from tickets
    union all
    select ticket_id, 'FBK' as stage, feedback_at as ended_at from tickets where not is_feedback_unknown
    union all
    select ticket_id, 'ARC' as stage, archived_at as ended_at from tickets
),
-- What the export alone knows: early stages in no cycle of the log, final ones not in its last.
filled as (
    select
        u.ticket_id,
        case when u.stage in ('RES', 'FBK', 'ARC') then coalesce(g.n_reopens, 0) + 1 else 1 end as cycle_no,
        u.stage,
        u.ended_at
    from summaries as u
    left join logs as g on g.ticket_id = u.ticket_id
    where u.ended_at is not null
        and case u.stage
            when 'ACP' then g.accepted_at
            when 'DSP' then g.dispatched_at
            when 'FRS' then g.first_reply_at
            when 'RES' then g.resolved_at
            when 'FBK' then g.feedback_at
            else g.archived_at
        end is null
),
reached as (
    select
        l.ticket_id, l.cycle_no, l.stage, l.ended_at, l.n_visits, 'log' as source, v.dept
    from logged as l
    left join visits as v
        on v.ticket_id = l.ticket_id
        and v.event_no <= l.event_no
        and (v.next_event_no is null or l.event_no < v.next_event_no)
    union all
    select
        f.ticket_id, f.cycle_no, f.stage, f.ended_at, cast(1 as bigint) as n_visits, 'summary' as source,
        cast(null as string) as dept
    from filled as f
),
accepted as (
    select t.ticket_id, coalesce(g.accepted_at, t.accepted_at) as accepted_at, t.source as ticket_source
    from tickets as t
    left join logs as g on g.ticket_id = t.ticket_id
),
cycles as (
    select e.ticket_id, e.cycle_no, min(e.event_at) as begun_at, a.accepted_at, a.ticket_source
    from events as e
    join accepted as a on a.ticket_id = e.ticket_id
    where e.event = 'REOPEN'
    group by e.ticket_id, e.cycle_no, a.accepted_at, a.ticket_source
    union all
    select ticket_id, cast(1 as bigint) as cycle_no, accepted_at as begun_at, accepted_at, ticket_source from accepted
),
open_tickets as (
    select ticket_id, source, owner_dept
    from tickets
    where feedback_at is null and status <> 'closed' and merged_into is null
),
-- Stages that the source records at all; nobody waits for another.
known as (
    select distinct stage, source from dim_recorded
),
furthest as (
    select r.ticket_id, r.cycle_no, max(s.stage_no) as stage_no, max(r.ended_at) as ended_at
    from reached as r
    join open_tickets as t on t.ticket_id = r.ticket_id
    join stages as s on s.stage = r.stage
    group by r.ticket_id, r.cycle_no
),
last_cycles as (
    select c.ticket_id, max(c.cycle_no) as cycle_no
    from cycles as c
    join open_tickets as t on t.ticket_id = c.ticket_id
    group by c.ticket_id
),
waiting as (
    select
        t.ticket_id,
        l.cycle_no,
        t.source,
        case when t.source = 'log' then t.owner_dept end as dept,
        c.accepted_at,
        min(s.stage_no) as stage_no,
        max(coalesce(f.ended_at, c.begun_at)) as started_at
    from open_tickets as t
    join last_cycles as l on l.ticket_id = t.ticket_id
    join cycles as c on c.ticket_id = l.ticket_id and c.cycle_no = l.cycle_no
    left join furthest as f on f.ticket_id = l.ticket_id and f.cycle_no = l.cycle_no
    join stages as s
        on s.is_main
        and s.stage_no > coalesce(f.stage_no, 0)
        and (l.cycle_no = 1 or s.stage_no >= 10)
    left join known as k on k.stage = s.stage and k.source = t.source
    where k.stage is not null or s.stage = 'FBK'
    group by t.ticket_id, l.cycle_no, t.source, t.owner_dept, c.accepted_at
),
ordered as (
    select
        r.ticket_id, r.cycle_no, r.stage, s.stage_no, r.dept, r.n_visits, r.source, r.ended_at,
        lag(r.ended_at) over (partition by r.ticket_id, r.cycle_no order by r.ended_at, s.stage_no) as before_at,
        max(s.stage_no) over (
            partition by r.ticket_id, r.cycle_no order by r.ended_at, s.stage_no
            rows between unbounded preceding and 1 preceding
        ) as furthest_before
    from reached as r
    join stages as s on s.stage = r.stage
),
spans as (
    select
        o.ticket_id, o.cycle_no, o.stage, o.stage_no, o.dept, o.n_visits, o.source,
        coalesce(o.before_at, case when c.begun_at <= o.ended_at then c.begun_at else o.ended_at end) as started_at,
        o.ended_at,
        o.ended_at as until_at,
        coalesce(o.furthest_before > o.stage_no, false) as is_out_of_turn,
        c.accepted_at,
        c.ticket_source
    from ordered as o
    join cycles as c on c.ticket_id = o.ticket_id and c.cycle_no = o.cycle_no
    union all
    select
        w.ticket_id, w.cycle_no, s.stage, s.stage_no, w.dept, cast(0 as bigint) as n_visits, w.source,
        w.started_at,
        cast(null as timestamp) as ended_at,
        case when w.started_at <= r.as_of then r.as_of end as until_at,
        false as is_out_of_turn,
        w.accepted_at,
        w.source as ticket_source
    from waiting as w
    join stages as s on s.stage_no = w.stage_no
    cross join run as r
),
pauses as (
    select ticket_id, started_at as paused_at, ended_at as resumed_at from fact_ticket_pause
),
held as (
    select
        s.ticket_id,
        s.cycle_no,
        s.stage,
        sum(greatest(0, seconds_between(
            greatest(p.paused_at, s.started_at), least(coalesce(p.resumed_at, s.until_at), s.until_at)
        ))) as paused_s,
        sum(greatest(0, seconds_between(p.paused_at, least(coalesce(p.resumed_at, s.until_at), s.until_at))))
            as since_accepted_paused_s
    from spans as s
    join pauses as p on p.ticket_id = s.ticket_id
    where s.until_at is not null
    group by s.ticket_id, s.cycle_no, s.stage
),
clocked as (
    select
        s.*,
        seconds_between(s.started_at, s.until_at) as elapsed_s,
        case when s.ticket_source = 'log' then coalesce(cast(h.paused_s as bigint), 0) end as paused_s,
        seconds_between(s.accepted_at, s.until_at) as since_accepted_s,
        case when s.ticket_source = 'log' then coalesce(cast(h.since_accepted_paused_s as bigint), 0) end
            as since_accepted_paused_s
    from spans as s
    left join held as h on h.ticket_id = s.ticket_id and h.cycle_no = s.cycle_no and h.stage = s.stage
)
select
    ticket_id,
    cycle_no,
    stage,
    stage_no,
    started_at,
    ended_at,
    elapsed_s,
    paused_s,
    elapsed_s - paused_s as net_s,
    since_accepted_s,
    since_accepted_paused_s,
    dept,
    n_visits,
    is_out_of_turn,
    source
from clocked
