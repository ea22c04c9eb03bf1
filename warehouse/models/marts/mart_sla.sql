-- One row per policy, stage, week, month, level-1 type, department, district and priority.
-- Class: L1
-- Sums: n, n_on_time, n_late, n_overdue, n_soon_due, n_running
-- n_* are tickets by state: on time; late; open and overdue; open with less than a fifth of the limit left; open.
-- Tickets for which the stage does not apply are in none. A limit reached to the second is kept. is_in_force: the
-- policy that was in force when the ticket was accepted; with another one the row says "what if".
-- Two lists of the clocks that a limit may be held against, named as `policies.py` names them: of tickets that
-- reached the stage, and of those that wait for it at the instant of the release.
-- judging.py runs this same select over other tickets, hence no imports at its head.
select
    t.policy_id, t.stage, t.is_in_force, t.week_start, t.month_start, t.type_l1, t.owner_dept, t.region_code,
    t.priority,
    cast(sum(t.n) as bigint) as n,
    cast(sum(t.n_on_time) as bigint) as n_on_time,
    cast(sum(t.n - t.n_on_time - t.n_overdue - t.n_soon_due - t.n_running) as bigint) as n_late,
    cast(sum(t.n_overdue) as bigint) as n_overdue,
    cast(sum(t.n_soon_due) as bigint) as n_soon_due,
    cast(sum(t.n_running) as bigint) as n_running
from (
    select
        l.policy_id, l.stage, coalesce(r.policy_id = l.policy_id, false) as is_in_force,
        r.week_start, r.month_start, r.type_l1, r.owner_dept, r.region_code, r.priority,
        count(*) as n,
        count_if(r.elapsed_s <= l.limit_s) as n_on_time,
        0 as n_overdue,
        0 as n_soon_due,
        0 as n_running
    from (
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'REG' as reading, reg_s as elapsed_s
        from fact_ticket_clock
        where reg_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'CLS' as reading, cls_s as elapsed_s
        from fact_ticket_clock
        where cls_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'DSP' as reading, dsp_s as elapsed_s
        from fact_ticket_clock
        where dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'DSP-REG' as reading, dsp_s - reg_s as elapsed_s
        from fact_ticket_clock
        where dsp_s is not null and reg_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FRS' as reading, frs_s as elapsed_s
        from fact_ticket_clock
        where frs_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FRS-DSP' as reading, frs_s - dsp_s as elapsed_s
        from fact_ticket_clock
        where frs_s is not null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'INV-DSP' as reading, inv_s - dsp_s as elapsed_s
        from fact_ticket_clock
        where inv_s is not null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PLN' as reading, pln_s as elapsed_s
        from fact_ticket_clock
        where pln_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PLN-DSP' as reading, pln_s - dsp_s as elapsed_s
        from fact_ticket_clock
        where pln_s is not null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'INT-DSP' as reading, int_s - dsp_s as elapsed_s
        from fact_ticket_clock
        where int_s is not null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'RES' as reading, res_s as elapsed_s
        from fact_ticket_clock
        where res_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK' as reading, fbk_s as elapsed_s
        from fact_ticket_clock
        where fbk_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-PAUSED' as reading, fbk_s - fbk_paused_s as elapsed_s
        from fact_ticket_clock
        where fbk_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-RECEIPT' as reading, fbk_s - receipt_s as elapsed_s
        from fact_ticket_clock
        where fbk_s is not null and receipt_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-WORK' as reading, fbk_work_s as elapsed_s
        from fact_ticket_clock
        where fbk_work_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-WORK-RECEIPT' as reading, fbk_work_s - receipt_work_s as elapsed_s
        from fact_ticket_clock
        where fbk_work_s is not null and receipt_work_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'SAT-DSP' as reading, sat_s - dsp_s as elapsed_s
        from fact_ticket_clock
        where sat_s is not null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PRG' as reading, prg_s as elapsed_s
        from fact_ticket_clock
        where prg_s is not null and fbk_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PROMISE' as reading, fbk_s - promise_s as elapsed_s
        from fact_ticket_clock
        where promise_s is not null and fbk_s is not null
    ) as r
    join dim_limit as l on l.kind_key = r.kind_key and l.reading = r.reading
    group by
        l.policy_id, l.stage, coalesce(r.policy_id = l.policy_id, false),
        r.week_start, r.month_start, r.type_l1, r.owner_dept, r.region_code, r.priority
    union all
    select
        l.policy_id, l.stage, coalesce(r.policy_id = l.policy_id, false) as is_in_force,
        r.week_start, r.month_start, r.type_l1, r.owner_dept, r.region_code, r.priority,
        count(*) as n,
        0 as n_on_time,
        count_if(r.elapsed_s > coalesce(r.own_limit_s, l.limit_s)) as n_overdue,
        count_if(
            r.elapsed_s <= coalesce(r.own_limit_s, l.limit_s)
            and r.elapsed_s * 5 >= coalesce(r.own_limit_s, l.limit_s) * 4
        ) as n_soon_due,
        count_if(r.elapsed_s * 5 < coalesce(r.own_limit_s, l.limit_s) * 4) as n_running
    from (
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'REG' as reading, open_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and reg_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'CLS' as reading, open_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and cls_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'DSP' as reading, open_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and dsp_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'DSP-REG' as reading, open_s - reg_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and dsp_s is null and reg_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FRS' as reading, open_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and frs_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FRS-DSP' as reading, open_s - dsp_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and frs_s is null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'INV-DSP' as reading, open_s - dsp_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and inv_s is null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PLN' as reading, open_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and pln_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PLN-DSP' as reading, open_s - dsp_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and pln_s is null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'INT-DSP' as reading, open_s - dsp_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and int_s is null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'RES' as reading, open_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and res_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK' as reading, open_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and fbk_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-PAUSED' as reading, open_s - open_paused_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and fbk_s is null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-RECEIPT' as reading, open_s - receipt_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and fbk_s is null and receipt_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-WORK' as reading, open_work_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and fbk_work_s is null and open_work_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'FBK-WORK-RECEIPT' as reading, open_work_s - receipt_work_s as elapsed_s,
            cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and fbk_work_s is null and receipt_work_s is not null and open_work_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'SAT-DSP' as reading, open_s - dsp_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and sat_s is null and dsp_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PRG' as reading, prg_s as elapsed_s, cast(null as bigint) as own_limit_s
        from fact_ticket_clock
        where open_s is not null and prg_s is not null
        union all
        select
            kind_key, policy_id, week_start, month_start, type_l1, owner_dept, region_code, priority,
            'PROMISE' as reading, open_s as elapsed_s, promise_s as own_limit_s
        from fact_ticket_clock
        where open_s is not null and promise_s is not null
    ) as r
    join dim_limit as l on l.kind_key = r.kind_key and l.reading = r.reading and l.is_recorded
    group by
        l.policy_id, l.stage, coalesce(r.policy_id = l.policy_id, false),
        r.week_start, r.month_start, r.type_l1, r.owner_dept, r.region_code, r.priority
) as t
group by
    t.policy_id, t.stage, t.is_in_force, t.week_start, t.month_start, t.type_l1, t.owner_dept, t.region_code,
    t.priority
