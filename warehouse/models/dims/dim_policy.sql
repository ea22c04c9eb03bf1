-- One row per policy, stage, priority and type.
-- Class: L1
select policy_id, zh, en, stage, priority, type_l1, limit_min, source from seed_policy
