-- One row per finding about the event log: how many there are, of how many looked at.
-- Class: L1
-- Events unless the name says tickets or stages. Nothing found here was dropped or clipped.
with events as (
    select
        sum(n_events) as n_events,
        sum(n_events + n_sent_again) as n_sent,
        sum(n_out_of_order) as n_out_of_order,
        sum(n_early) as n_early,
        sum(case when is_known then 0 else n_events end) as n_unknown,
        count_if(not is_known) as n_unknown_tickets,
        count(*) as n_logs
    from fact_ticket_log
),
tickets as (
    select
        count(*) as n_tickets,
        count_if(source = 'summary') as n_without_log,
        count_if(is_feedback_unknown) as n_feedback_unknown,
        count_if(is_duplicate) as n_duplicates,
        count_if(is_duplicate and is_linked_external) as n_linked
    from fact_ticket
),
stages as (
    select count(*) as n_stages, count_if(is_out_of_turn) as n_out_of_turn from fact_ticket_stage
),
found as (
    select 'events_sent_again' as finding, n_sent - n_events as n_found, n_sent as n_checked from events
    union all
    select 'events_out_of_order' as finding, n_out_of_order as n_found, n_events as n_checked from events
    union all
    select 'events_before_acceptance' as finding, n_early as n_found, n_events as n_checked from events
    union all
    select 'events_of_unknown_tickets' as finding, n_unknown as n_found, n_events as n_checked from events
    union all
    select 'unknown_tickets' as finding, n_unknown_tickets as n_found, n_logs as n_checked from events
    union all
    select 'stages_out_of_turn' as finding, n_out_of_turn as n_found, n_stages as n_checked from stages
    union all
    select 'tickets_without_log' as finding, n_without_log as n_found, n_tickets as n_checked from tickets
    union all
    select 'tickets_closed_without_feedback' as finding, n_feedback_unknown as n_found, n_tickets as n_checked
    from tickets
    union all
    select 'tickets_filed_twice' as finding, n_duplicates as n_found, n_tickets as n_checked from tickets
    union all
    select 'tickets_filed_inside_and_outside' as finding, n_linked as n_found, n_tickets as n_checked from tickets
)
select
    finding,
    cast(coalesce(n_found, 0) as bigint) as n_found,
    cast(coalesce(n_checked, 0) as bigint) as n_checked
from found
