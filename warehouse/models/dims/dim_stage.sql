-- One row per stage of the process.
-- Class: L1
-- ends_with: the event of the stage that ends it, within one cycle. A stage that may be done over until it holds ends
-- with its last event. is_main: a ticket on its way passes it; the others come only when needed. A reopened ticket
-- passes those of stage_no 10 and above again. (Requirements 1.3.)
select 'ACP' as stage, 1 as stage_no, '接入' as zh, 'Received' as en, 'first' as ends_with, true as is_main
union all
select 'REG' as stage, 2 as stage_no, '登记' as zh, 'Registered' as en, 'first' as ends_with, true as is_main
union all
select 'CLS' as stage, 3 as stage_no, '分类定级' as zh, 'Classified' as en, 'first' as ends_with, true as is_main
union all
select 'APR' as stage, 4 as stage_no, '审批' as zh, 'Approved' as en, 'last' as ends_with, false as is_main
union all
select 'DSP' as stage, 5 as stage_no, '派单' as zh, 'Dispatched' as en, 'first' as ends_with, true as is_main
union all
select 'ACC' as stage, 6 as stage_no, '签收' as zh, 'Accepted by department' as en, 'first' as ends_with, true as is_main
union all
select 'FRS' as stage, 7 as stage_no, '首次响应' as zh, 'First contact' as en, 'first' as ends_with, true as is_main
union all
select 'INV' as stage, 8 as stage_no, '调查' as zh, 'Investigated' as en, 'first' as ends_with, false as is_main
union all
select 'PLN' as stage, 9 as stage_no, '方案' as zh, 'Planned' as en, 'first' as ends_with, false as is_main
union all
select 'RES' as stage, 10 as stage_no, '处理完成' as zh, 'Resolved' as en, 'last' as ends_with, true as is_main
union all
select 'FBK' as stage, 11 as stage_no, '结果反馈' as zh, 'Result told' as en, 'last' as ends_with, true as is_main
union all
select 'SAT' as stage, 12 as stage_no, '回访评价' as zh, 'Satisfaction asked' as en, 'last' as ends_with, false as is_main
union all
select 'ARC' as stage, 13 as stage_no, '归档' as zh, 'Archived' as en, 'last' as ends_with, false as is_main
