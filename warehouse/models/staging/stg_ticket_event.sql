-- One row per event of a ticket.
-- Class: L2; L3 staff_key, note_scrubbed
-- Slice: ticket_id
-- Where the source numbers its events, ticket and number name one. Where it does not, ticket, time and event do: the
-- newest file to tell of them wins, and what it tells of several departments stays several events. They are numbered
-- here by time and line, above any number of a source, so that the two kinds never clash.
with numbered as (
    select * from lake_ticket_event where seq is not null
    qualify row_number() over (
        partition by ticket_id, seq
        order by file_on desc, file_id desc, row_no desc
    ) = 1
),
newest as (
    select * from lake_ticket_event where seq is null
    qualify rank() over (
        partition by ticket_id, event_at, event
        order by file_on desc, file_id desc
    ) = 1
),
once as (
    select * from newest
    qualify row_number() over (
        partition by ticket_id, event_at, event, from_dept, to_dept
        order by row_no
    ) = 1
)
select
    ticket_id,
    seq,
    event_at,
    event,
    from_dept,
    to_dept,
    staff_key,
    is_substantive,
    note_scrubbed
from numbered
union all
select
    ticket_id,
    1000000 + row_number() over (partition by ticket_id order by event_at, file_on, file_id, row_no) as seq,
    event_at,
    event,
    from_dept,
    to_dept,
    staff_key,
    is_substantive,
    note_scrubbed
from once
