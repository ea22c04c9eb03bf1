-- One row per level-2 type and span of days: which department its tickets go to.
-- Class: L1
-- From routings.csv of the workspace; where that is silent, the owner of types.csv. co_owners: departments that may have
-- a ticket of the type too, between semicolons (";NETMAINT;CARE;"). valid_to is the day after the last.
with written as (
    select
        type_code, owner_dept,
        case when co_owners is not null then ';' || replace(co_owners, ' ', '') || ';' else ';' end as co_owners,
        coalesce(cast(effective_from as date), cast('1900-01-01' as date)) as valid_from
    from seed_routing
),
whole as (
    select type_code from written where valid_from = cast('1900-01-01' as date)
),
spans as (
    select type_code, owner_dept, co_owners, valid_from from written
    union all
    select t.type_code, t.owner_dept, ';' as co_owners, cast('1900-01-01' as date) as valid_from
    from seed_type as t
    left join whole as w on w.type_code = t.type_code
    where w.type_code is null and t.owner_dept is not null
)
select
    type_code,
    owner_dept,
    co_owners,
    valid_from,
    lead(valid_from) over (partition by type_code order by valid_from) as valid_to
from spans
