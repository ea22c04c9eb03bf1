-- One row per ticket that has both an event log and an export: how far the export's summary is from the log.
-- Class: L2
-- Slice: ticket_id
-- Of each summary column: the absolute difference, in seconds for times, null unless both say something; and which of
-- the two alone says something. mart_log_difference counts them.
select
    t.ticket_id,
    abs(seconds_between(t.accepted_at, g.accepted_at)) as accepted_at,
    case when t.accepted_at is null and g.accepted_at is not null then 'log' when t.accepted_at is not null and g.accepted_at is null then 'summary' end
        as accepted_at_only,
    abs(seconds_between(t.dispatched_at, g.dispatched_at)) as dispatched_at,
    case when t.dispatched_at is null and g.dispatched_at is not null then 'log' when t.dispatched_at is not null and g.dispatched_at is null then 'summary' end
        as dispatched_at_only,
    abs(seconds_between(t.first_reply_at, g.first_reply_at)) as first_reply_at,
    case when t.first_reply_at is null and g.first_reply_at is not null then 'log' when t.first_reply_at is not null and g.first_reply_at is null then 'summary' end
        as first_reply_at_only,
    abs(seconds_between(t.resolved_at, g.resolved_at)) as resolved_at,
    case when t.resolved_at is null and g.resolved_at is not null then 'log' when t.resolved_at is not null and g.resolved_at is null then 'summary' end
        as resolved_at_only,
    abs(seconds_between(t.feedback_at, g.feedback_at)) as feedback_at,
    case when t.feedback_at is null and g.feedback_at is not null then 'log' when t.feedback_at is not null and g.feedback_at is null then 'summary' end
        as feedback_at_only,
    abs(seconds_between(t.archived_at, g.archived_at)) as archived_at,
    case when t.archived_at is null and g.archived_at is not null then 'log' when t.archived_at is not null and g.archived_at is null then 'summary' end
        as archived_at_only,
    abs(t.n_transfers - g.n_transfers) as n_transfers,
    case when t.n_transfers is null and g.n_transfers is not null then 'log' when t.n_transfers is not null and g.n_transfers is null then 'summary' end
        as n_transfers_only,
    abs(t.n_chasers - g.n_chasers) as n_chasers,
    case when t.n_chasers is null and g.n_chasers is not null then 'log' when t.n_chasers is not null and g.n_chasers is null then 'summary' end
        as n_chasers_only,
    abs(t.n_reopens - g.n_reopens) as n_reopens,
    case when t.n_reopens is null and g.n_reopens is not null then 'log' when t.n_reopens is not null and g.n_reopens is null then 'summary' end
        as n_reopens_only
from stg_ticket as t
join fact_ticket_log as g on g.ticket_id = t.ticket_id
