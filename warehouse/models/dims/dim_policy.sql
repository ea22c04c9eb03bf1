-- One row per limit of a policy: its stage and the tickets it holds for.
-- Class: L1
-- A selector that is null means any. limit_s: seconds of the row's clock; null where the ticket's own promise is the
-- limit (is_promised), where tickets are exempt, or where nobody can measure it (is_measured false, with the reason).
-- kind: internal, whatif (a rule of others, or a target), floor (of the regulator), promise.
-- limit_min: as limit_s, whole minutes. valid_from, valid_to: days of acceptance.
select
    policy_id, zh, en, kind, stage, ends_with, clock_from, clock, reading, type_code, type_l1, priority, filing,
    complexity, request_kind, area, limit_s, cast(limit_s / 60 as bigint) as limit_min, specificity, is_pausable, is_measured,
    is_promised, valid_from, valid_to, source, reason
from seed_policy
