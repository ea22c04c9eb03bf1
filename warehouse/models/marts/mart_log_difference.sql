-- One row per summary column of the ticket export: how far it disagrees with the event log.
-- Class: L1
-- Only tickets with a log. n_tickets: both say something; n_differ: not the same. The differences are absolute, of the
-- tickets that differ, in the unit given. The log wins wherever it says something (2.7 no. 15).
with compared as (
    select 'accepted_at' as column_name, 'minutes' as unit,
        cast(accepted_at as double) / 60 as difference, accepted_at_only as told_by
    from fact_log_difference
    union all
    select 'dispatched_at' as column_name, 'minutes' as unit,
        cast(dispatched_at as double) / 60 as difference, dispatched_at_only as told_by
    from fact_log_difference
    union all
    select 'first_reply_at' as column_name, 'minutes' as unit,
        cast(first_reply_at as double) / 60 as difference, first_reply_at_only as told_by
    from fact_log_difference
    union all
    select 'resolved_at' as column_name, 'minutes' as unit,
        cast(resolved_at as double) / 60 as difference, resolved_at_only as told_by
    from fact_log_difference
    union all
    select 'feedback_at' as column_name, 'minutes' as unit,
        cast(feedback_at as double) / 60 as difference, feedback_at_only as told_by
    from fact_log_difference
    union all
    select 'archived_at' as column_name, 'minutes' as unit,
        cast(archived_at as double) / 60 as difference, archived_at_only as told_by
    from fact_log_difference
    union all
    select 'n_transfers' as column_name, 'count' as unit,
        cast(n_transfers as double) as difference, n_transfers_only as told_by
    from fact_log_difference
    union all
    select 'n_chasers' as column_name, 'count' as unit,
        cast(n_chasers as double) as difference, n_chasers_only as told_by
    from fact_log_difference
    union all
    select 'n_reopens' as column_name, 'count' as unit,
        cast(n_reopens as double) as difference, n_reopens_only as told_by
    from fact_log_difference
)
select
    column_name,
    unit,
    cast(count(difference) as bigint) as n_tickets,
    cast(count_if(coalesce(difference > 0, false)) as bigint) as n_differ,
    cast(count_if(coalesce(told_by = 'log', false)) as bigint) as n_only_log,
    cast(count_if(coalesce(told_by = 'summary', false)) as bigint) as n_only_summary,
    max(case when difference > 0 then difference end) as max_difference,
    median(case when difference > 0 then difference end) as median_difference
from compared
group by column_name, unit
