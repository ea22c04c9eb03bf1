-- One row per department.
-- Class: L1
select dept_code, zh, en, kind, works_weekend = '1' as works_weekend from seed_dept
