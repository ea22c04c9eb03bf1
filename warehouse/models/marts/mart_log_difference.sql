-- One row per summary column of the ticket export: how far it disagrees with the event log.
-- Class: L1
-- Only tickets with a log. n_tickets: both say something; n_differ: not the same. The differences are absolute, of the
-- tickets that differ, in the unit given. The log wins wherever it says something (2.7 no. 15).
with tickets as (
    select * from stg_ticket
),
logs as (
    select * from fact_ticket_log
),
times as (
    select t.ticket_id, 'accepted_at' as column_name, t.accepted_at as said, g.accepted_at as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
    union all
    select t.ticket_id, 'dispatched_at' as column_name, t.dispatched_at as said, g.dispatched_at as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
    union all
    select t.ticket_id, 'first_reply_at' as column_name, t.first_reply_at as said, g.first_reply_at as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
    union all
    select t.ticket_id, 'resolved_at' as column_name, t.resolved_at as said, g.resolved_at as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
    union all
    select t.ticket_id, 'feedback_at' as column_name, t.feedback_at as said, g.feedback_at as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
    union all
    select t.ticket_id, 'archived_at' as column_name, t.archived_at as said, g.archived_at as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
),
counts as (
    select t.ticket_id, 'n_transfers' as column_name, t.n_transfers as said, g.n_transfers as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
    union all
    select t.ticket_id, 'n_chasers' as column_name, t.n_chasers as said, g.n_chasers as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
    union all
    select t.ticket_id, 'n_reopens' as column_name, t.n_reopens as said, g.n_reopens as logged
    from tickets as t join logs as g on g.ticket_id = t.ticket_id
),
compared as (
    select
        column_name, 'minutes' as unit,
        said is not null as is_said,
        logged is not null as is_logged,
        abs(cast(seconds_between(said, logged) as double)) / 60 as difference
    from times
    union all
    select
        column_name, 'count' as unit,
        said is not null as is_said,
        logged is not null as is_logged,
        abs(cast(said - logged as double)) as difference
    from counts
)
select
    column_name,
    unit,
    cast(count_if(is_said and is_logged) as bigint) as n_tickets,
    cast(count_if(coalesce(difference > 0, false)) as bigint) as n_differ,
    cast(count_if(is_logged and not is_said) as bigint) as n_only_log,
    cast(count_if(is_said and not is_logged) as bigint) as n_only_summary,
    max(case when difference > 0 then difference end) as max_difference,
    median(case when difference > 0 then difference end) as median_difference
from compared
group by column_name, unit
