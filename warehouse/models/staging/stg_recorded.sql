-- One row per source and stage that it ever told of: an export by a time of its summary, a log by an event.
-- Class: L1
-- Slice: grows
-- Every version that was loaded speaks, also one that another replaced: what a source recorded once it can record.
with exports as (
    select
        coalesce(source_system, '') as source_system,
        count(accepted_at) as n_accepted,
        count(dispatched_at) as n_dispatched,
        count(first_reply_at) as n_replied,
        count(resolved_at) as n_resolved,
        count(feedback_at) as n_told,
        count(archived_at) as n_archived
    from lake_ticket
    group by coalesce(source_system, '')
)
select 'summary' as source, source_system, 'ACP' as stage from exports where n_accepted > 0
union all
select 'summary' as source, source_system, 'DSP' as stage from exports where n_dispatched > 0
union all
select 'summary' as source, source_system, 'FRS' as stage from exports where n_replied > 0
union all
select 'summary' as source, source_system, 'RES' as stage from exports where n_resolved > 0
union all
select 'summary' as source, source_system, 'FBK' as stage from exports where n_told > 0
union all
select 'summary' as source, source_system, 'ARC' as stage from exports where n_archived > 0
union all
select distinct 'log' as source, '' as source_system, event as stage from lake_ticket_event
