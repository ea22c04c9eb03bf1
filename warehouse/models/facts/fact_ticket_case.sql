-- One row per ticket: the case it belongs to, named by the filing that counts.
-- Class: L2
-- Slice: ticket_id
-- A matter is one customer with one level-2 type; without a number every ticket is its own matter.
-- within_24h: accepted within 24 hours of the first ticket of its group. That ticket anchors the group, so A, B, C, each
-- 20 hours after the one before, are two groups: A with B, and C.
-- within_48h: of the groups left, an outside filing and one of our own, at most 48 hours apart, whichever came first.
-- A pair is closed: what is linked to another case takes no third one along.
-- parent: an outside filing and its parent, by id, whatever lies between. An id decides before a guess by time; links
-- that lead through more than two parents, or back, are not followed.
-- own_level: how far this filing itself went outside.
-- (Requirements 2.4 and 2.7 no. 16.)
with recursive tickets as (
    select
        t.ticket_id,
        t.parent_ticket_id,
        t.merged_into,
        t.cust_key,
        t.accepted_at,
        coalesce(y.type_code, 'UNMAPPED') as type_code,
        coalesce(c.is_external, false) as is_external,
        coalesce(c.level, 'L0') as own_level,
        t.request_kind in ('complaint', 'fault') and t.validity <> 'invalid' and t.merged_into is null as is_complaint
    from stg_ticket as t
    left join dim_type as y on y.type_code = t.type_code
    left join dim_channel as c on c.channel_code = t.channel_code
),
complaints as (
    select * from tickets where is_complaint
),
-- Only a ticket with another one of its matter within 48 hours can be a second filing by time, and most have none.
neighbours as (
    select
        c.ticket_id,
        lag(c.accepted_at) over (partition by c.cust_key, c.type_code order by c.accepted_at, c.ticket_id) as before_at,
        c.accepted_at,
        lead(c.accepted_at) over (partition by c.cust_key, c.type_code order by c.accepted_at, c.ticket_id) as after_at
    from complaints as c
    where c.cust_key is not null
),
near as (
    select ticket_id
    from neighbours
    where seconds_between(before_at, accepted_at) <= 172800 or seconds_between(accepted_at, after_at) <= 172800
),
near_complaints as (
    select c.* from complaints as c join near as n on n.ticket_id = c.ticket_id
),
-- Runs of tickets at most 24 hours apart.
gaps as (
    select
        c.ticket_id, c.cust_key, c.type_code, c.accepted_at,
        seconds_between(
            lag(c.accepted_at) over (partition by c.cust_key, c.type_code order by c.accepted_at, c.ticket_id),
            c.accepted_at
        ) as gap_s
    from near_complaints as c
),
numbered_runs as (
    select
        g.*,
        sum(case when g.gap_s <= 86400 then 0 else 1 end) over (
            partition by g.cust_key, g.type_code order by g.accepted_at, g.ticket_id
            rows between unbounded preceding and current row
        ) as run_no
    from gaps as g
),
runs as (
    select
        r.ticket_id,
        first_value(r.ticket_id) over (
            partition by r.cust_key, r.type_code, r.run_no order by r.accepted_at, r.ticket_id
        ) as run_id,
        seconds_between(
            min(r.accepted_at) over (partition by r.cust_key, r.type_code, r.run_no), r.accepted_at
        ) as second_no,
        count(*) over (partition by r.cust_key, r.type_code, r.run_no) as n_in_run
    from numbered_runs as r
),
placed as (
    select
        ticket_id, run_id,
        row_number() over (partition by run_id order by second_no, ticket_id) as place_no,
        count(*) over (
            partition by run_id order by second_no range between current row and 86400 following
        ) as n_in_reach
    from runs
    where n_in_run > 1
),
-- From one anchor to the next: the first ticket of the run that lies beyond its 24 hours.
anchors as (
    select run_id, place_no, place_no + n_in_reach as next_no, ticket_id from placed where place_no = 1
    union all
    select p.run_id, p.place_no, p.place_no + p.n_in_reach as next_no, p.ticket_id
    from anchors as a
    join placed as p on p.run_id = a.run_id and p.place_no = a.next_no
),
grouped as (
    select p.ticket_id, a.ticket_id as anchor_id
    from placed as p
    join anchors as a on a.run_id = p.run_id and p.place_no >= a.place_no and p.place_no < a.next_no
),
named_parents as (
    select c.ticket_id, p.ticket_id as parent_id
    from complaints as c
    join complaints as p on p.ticket_id = c.parent_ticket_id and p.ticket_id <> c.ticket_id
    where c.is_external or p.is_external
),
traced_parents as (
    select
        a.ticket_id,
        case when b.ticket_id is null then a.parent_id when c.ticket_id is null then b.parent_id end as parent_id
    from named_parents as a
    left join named_parents as b on b.ticket_id = a.parent_id
    left join named_parents as c on c.ticket_id = b.parent_id
),
anchored_parents as (
    select t.ticket_id, coalesce(g.anchor_id, t.parent_id) as anchor_id
    from traced_parents as t
    left join grouped as g on g.ticket_id = t.parent_id
    where t.parent_id is not null
),
by_parent as (
    select p.ticket_id, p.anchor_id
    from anchored_parents as p
    left join named_parents as further on further.ticket_id = p.anchor_id
    where further.ticket_id is null and p.anchor_id <> p.ticket_id
),
heads as (
    select
        c.ticket_id, c.is_external, c.cust_key, c.type_code, c.accepted_at,
        lag(c.ticket_id) over (partition by c.cust_key, c.type_code order by c.accepted_at, c.ticket_id) as before_id,
        lag(c.is_external) over (
            partition by c.cust_key, c.type_code order by c.accepted_at, c.ticket_id
        ) as before_is_external,
        lag(c.accepted_at) over (partition by c.cust_key, c.type_code order by c.accepted_at, c.ticket_id) as before_at
    from near_complaints as c
    left join grouped as g on g.ticket_id = c.ticket_id
    left join by_parent as b on b.ticket_id = c.ticket_id
    where coalesce(g.anchor_id, c.ticket_id) = c.ticket_id and b.ticket_id is null
),
islands as (
    select
        h.*,
        sum(
            case when h.is_external <> h.before_is_external and seconds_between(h.before_at, h.accepted_at) <= 172800
                then 0 else 1 end
        ) over (
            partition by h.cust_key, h.type_code order by h.accepted_at, h.ticket_id
            rows between unbounded preceding and current row
        ) as island_no
    from heads as h
),
-- In a row of such neighbours the second belongs to the first, the fourth to the third.
paired as (
    select
        i.ticket_id,
        case
            when mod(row_number() over (
                partition by i.cust_key, i.type_code, i.island_no
                order by i.accepted_at, i.ticket_id
            ), 2) = 0 then i.before_id
            else i.ticket_id
        end as head_id
    from islands as i
),
-- Tickets that may belong to a case of another name; everything else is its own.
linkable as (
    select n.ticket_id, coalesce(g.anchor_id, n.ticket_id) as anchor_id
    from near as n
    left join grouped as g on g.ticket_id = n.ticket_id
    union all
    select b.ticket_id, b.ticket_id as anchor_id
    from by_parent as b
    left join near as n on n.ticket_id = b.ticket_id
    where n.ticket_id is null
),
solved as (
    select
        a.ticket_id,
        coalesce(
            own_head.head_id, own.anchor_id, anchor_head.head_id, of_anchor.anchor_id, plain.head_id, a.anchor_id
        ) as case_id,
        case
            when own.ticket_id is not null then 'parent'
            when a.anchor_id <> a.ticket_id then 'within_24h'
            when plain.head_id <> a.ticket_id then 'within_48h'
        end as linked_by
    from linkable as a
    left join by_parent as own on own.ticket_id = a.ticket_id
    left join paired as own_head on own_head.ticket_id = own.anchor_id
    left join by_parent as of_anchor on of_anchor.ticket_id = a.anchor_id
    left join paired as anchor_head on anchor_head.ticket_id = of_anchor.anchor_id
    left join paired as plain on plain.ticket_id = a.anchor_id
),
second_filings as (
    select s.ticket_id, s.case_id, s.linked_by, t.is_external
    from solved as s
    join complaints as t on t.ticket_id = s.ticket_id
    where s.case_id <> s.ticket_id
),
mixed as (
    select s.case_id
    from second_filings as s
    join complaints as h on h.ticket_id = s.case_id
    group by s.case_id
    having count_if(h.is_external <> s.is_external) > 0
)
select
    t.ticket_id,
    t.cust_key,
    t.type_code,
    t.accepted_at,
    t.own_level,
    t.is_external,
    t.is_complaint,
    coalesce(s.case_id, m.case_id, t.merged_into, t.ticket_id) as case_id,
    case when t.is_complaint then s.linked_by when t.merged_into is not null then 'by_hand' end as linked_by,
    x.case_id is not null as is_linked_external
from tickets as t
left join second_filings as s on s.ticket_id = t.ticket_id
left join second_filings as m on m.ticket_id = t.merged_into
left join mixed as x on t.is_complaint and x.case_id = coalesce(s.case_id, t.ticket_id)
