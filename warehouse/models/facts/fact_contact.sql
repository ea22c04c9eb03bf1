-- One row per contact of a customer and the company about a ticket after its acceptance.
-- Class: L2
-- Slice: ticket_id
-- A ticket's contacts come from the source that records calls; of a ticket that it does not know, from the event log.
with events as (
    select ticket_id, event_no, event_at, event from fact_ticket_event where is_known
),
recorded as (
    select contact_id, ticket_id, contact_at, direction, kind, is_reached from stg_contact
),
known as (
    select distinct ticket_id from recorded
),
logged as (
    select
        e.ticket_id || '-' || cast(e.event_no as string) as contact_id,
        e.ticket_id,
        e.event_at as contact_at,
        case when e.event = 'URGE' then 'in' else 'out' end as direction,
        case e.event
            when 'FRS' then 'first_reply'
            when 'URGE' then 'chaser'
            when 'PROGRESS' then 'progress'
            when 'FBK' then 'result'
            else 'callback'
        end as kind,
        cast(null as boolean) as is_reached
    from events as e
    left join known as k on k.ticket_id = e.ticket_id
    where e.event in ('FRS', 'URGE', 'PROGRESS', 'FBK', 'SAT') and k.ticket_id is null
)
select contact_id, ticket_id, contact_at, direction, kind, is_reached from recorded
union all
select contact_id, ticket_id, contact_at, direction, kind, is_reached from logged
