-- One row per instant and change: the warnings of a week that followed it in the same place and matter.
-- $fired: those warnings as JSON, which the engine fills in (aftermath.py). value: how many rules' warnings.
with instants as (
    select unnest($instants) as seen_at
),
fired as (
    select unnest(
        from_json(
            $fired,
            '[{"change_id":"VARCHAR","rule_id":"VARCHAR","scope_id":"VARCHAR","severity":"VARCHAR","at":"TIMESTAMP"}]'
        ),
        recursive := true
    )
)
select
    i.seen_at,
    f.change_id as scope_id,
    cast(count(*) as double) as value,
    count(*) as n,
    string_agg(distinct f.rule_id, ',' order by f.rule_id) as rule_ids,
    array_extract(['blue', 'yellow', 'orange', 'red'],
        max(array_position(['blue', 'yellow', 'orange', 'red'], f.severity))) as at_least,
    min(f.at) as first_at,
    min(c.started_at) as changed_at,
    bool_or(coalesce(c.briefed_agents, false)) as briefed_agents
from instants as i
join fired as f on f.at <= i.seen_at and f.at > i.seen_at - interval 7 day
left join fact_change_event as c on c.change_id = f.change_id
group by i.seen_at, f.change_id
