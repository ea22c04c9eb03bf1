-- One row per day of acceptance, level-1 type, district and move of counted complaints between two departments.
-- Class: L2
-- Sums: n_moves, n_people
-- came_by: the event that moved them (DSP, TRANSFER, REJECT, REOPEN). to_dept DONE: the department that had the ticket
-- when its result was told. accepted_at: midnight of the day. n_people: moves into, and results told from, the first stay
-- of a ticket at the department which repeats no earlier one: at most the customers, for small groups.
with moves as (
    select accepted_at, type_l1, region_code, from_dept, dept as to_dept, came_by, n_people
    from mart_stay
    where from_dept is not null and from_dept <> dept
    union all
    select
        accepted_at, type_l1, region_code, dept as from_dept, 'DONE' as to_dept, 'FBK' as came_by, n_people
    from mart_stay
    where is_done
)
select
    accepted_at,
    type_l1,
    region_code,
    from_dept,
    to_dept,
    came_by,
    count(*) as n_moves,
    cast(sum(n_people) as bigint) as n_people
from moves
group by accepted_at, type_l1, region_code, from_dept, to_dept, came_by
