-- Tickets that stand in a row with one of the family: one matter's, no more than 30 days from each to the next.
with crowded as (
    select matter from theirs group by matter having count_if(not is_family) > 0
),
gaps as (
    select
        t.*,
        lag(t.accepted_at) over (partition by t.matter order by t.accepted_at) as before_at
    from theirs as t
    semi join crowded as c on c.matter = t.matter
),
numbered as (
    select
        g.*,
        sum(case when g.accepted_at <= g.before_at + to_days(30) then 0 else 1 end) over (
            partition by g.matter order by g.accepted_at range unbounded preceding
        ) as row_no
    from gaps as g
),
touched as (
    select distinct matter, row_no from numbered where is_family
)
select distinct n.ticket_id
from numbered as n
semi join touched as t on t.matter = n.matter and t.row_no = n.row_no
where not n.is_family
