-- Parents and children of the family, and what was merged by hand with one of it.
with links as (
    select ticket_id, parent_ticket_id as relative_id from points where parent_ticket_id is not null
    union all
    select ticket_id, merged_into as relative_id from points where merged_into is not null
),
found as (
    select l.relative_id as ticket_id from links as l semi join family as f on f.ticket_id = l.ticket_id
    union
    select l.ticket_id from links as l semi join family as f on f.ticket_id = l.relative_id
)
select n.ticket_id from found as n anti join family as f on f.ticket_id = n.ticket_id
