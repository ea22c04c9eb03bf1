-- One row per contact of a customer and the company about a ticket after its acceptance.
-- Class: L2
with events as (
    select ticket_id, event_no, event_at, event from fact_ticket_event where is_known
)
select
    ticket_id || '-' || cast(event_no as string) as contact_id,
    ticket_id,
    event_at as contact_at,
    case when event = 'URGE' then 'in' else 'out' end as direction,
    case event
        when 'FRS' then 'first_reply'
        when 'URGE' then 'chaser'
        when 'PROGRESS' then 'progress'
        when 'FBK' then 'result'
        else 'callback'
    end as kind
from events
where event in ('FRS', 'URGE', 'PROGRESS', 'FBK', 'SAT')
