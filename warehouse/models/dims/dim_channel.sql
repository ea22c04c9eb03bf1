-- One row per channel.
-- Class: L1
select
    channel_code, zh, en, channel_group, level,
    channel_group = 'external' as is_external
from seed_channel
union all
select
    'UNMAPPED' as channel_code, '未映射' as zh, 'Unmapped' as en,
    'other' as channel_group, 'L0' as level, false as is_external
