-- One row per level-2 type.
-- Class: L1
select type_code, type_l1, l1_zh, l1_en, l2_zh, l2_en, miit_class, owner_dept, fault
from seed_type
union all
select
    'UNMAPPED' as type_code, 'UNMAPPED' as type_l1, '未映射' as l1_zh, 'Unmapped' as l1_en,
    '未映射' as l2_zh, 'Unmapped' as l2_en,
    cast(null as string) as miit_class, cast(null as string) as owner_dept, cast(null as string) as fault
