"""The event log: every step of every ticket, in order. Durations and outcomes come from `course.py`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.clock import AS_OF, DAY, HOUR, from_work_seconds, is_month_edge, work_seconds
from etl.demo.course import Course
from etl.demo.event_rows import EventRows, Log
from etl.demo.flow_extras import add_external_notes, add_extras
from etl.demo.outcome import NOT_SENT
from etl.demo.owners import MAX_VISITS, draw_owners
from etl.demo.plant import Plant
from etl.demo.rng import Streams
from etl.demo.tickets import Tickets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_CARE = names.DEPT_OF["CARE"]


def build_log(streams: Streams, tickets: Tickets, course: Course, plants: list[Plant], twin: bool) -> Log:
    n = len(tickets)
    build = EventRows(n)
    scripted = np.zeros(n, dtype=bool)
    for row in np.flatnonzero(tickets.plant >= 0):
        scripted[row] = bool(plants[tickets.plant[row]].steps)
    merged = tickets.merged_into >= 0
    ordinary = np.flatnonzero(~scripted & ~merged)
    survey_at = _survey_times(streams, course)
    _merge(build, tickets, np.flatnonzero(merged))
    _ordinary(build, streams, tickets, course, plants, ordinary, survey_at, twin)
    _scripted(build, tickets, plants, np.flatnonzero(scripted), survey_at)
    add_external_notes(build, tickets, course, scripted)
    ticket, when, op, came_from, to, substantive, note = (
        np.concatenate([part[i] for part in build.parts]) for i in range(7)
    )
    keep = when <= AS_OF
    order = np.lexsort((op[keep], when[keep], ticket[keep]))

    def arranged(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return values[keep][order]

    to_sorted = arranged(to).astype(np.int64)
    number = streams.get("flow", "staff").integers(0, 30, n)
    staff = to_sorted * 100 + (number[arranged(ticket).astype(np.int64)] + to_sorted * 7) % 30
    return Log(
        arranged(ticket).astype(np.int64), arranged(when).astype(np.int64), arranged(op).astype(np.int64),
        arranged(came_from).astype(np.int64), to_sorted, staff, arranged(substantive).astype(bool),
        arranged(note).astype(np.int64), build.notes, survey_at,
    )  # fmt: skip


def _survey_times(streams: Streams, course: Course) -> Floats:
    """Callbacks between 9 and 20 o'clock, some hours after the feedback; -1 where nobody was asked."""
    rng = streams.get("flow", "survey")
    n = len(course.feedback)
    when = course.feedback + rng.uniform(0.3, 4, n) * HOUR
    clock = when % DAY
    early = clock < 9 * HOUR
    late = clock > 20 * HOUR
    shift = np.where(early, 9 * HOUR - clock, np.where(late, DAY + 9 * HOUR - clock, 0))
    when = np.round(when + shift + np.where(early | late, rng.uniform(0, 2, n) * HOUR, 0))
    return np.where((course.answer != NOT_SENT) & (when < AS_OF), when, -1.0)


def _merge(build: EventRows, tickets: Tickets, rows: Ints) -> None:
    start = tickets.accepted[rows].astype(float)
    build.add(rows, start, "ACP", _CARE, note="系统受理")
    build.add(rows, start + 120, "REG", _CARE)
    build.add(rows, start + 300, "MERGE", _CARE, note="重单合并")
    build.add(rows, start + 360, "ARC", _CARE, note="归档")


def _queue(tickets: Tickets) -> Bools:
    """Acceptances that meet a slow ticket system: mornings of month edges."""
    days = tickets.accepted // DAY
    edges = {int(d): is_month_edge(np.datetime64(int(d), "D").astype(object)) for d in np.unique(days)}
    hour = tickets.accepted % DAY // HOUR
    return np.array([edges[int(d)] for d in days]) & (hour >= 9) & (hour < 12)


def _ordinary(
    build: EventRows,
    streams: Streams,
    tickets: Tickets,
    course: Course,
    plants: list[Plant],
    rows: Ints,
    survey_at: Floats,
    twin: bool,
) -> None:
    rng = streams.get("flow", "steps")
    n = len(tickets)
    start, end = tickets.accepted.astype(float), course.feedback.astype(float)
    reg = rng.gamma(2.0, 70, n) + 25
    cls = reg + rng.gamma(2.0, 60, n) + 15
    dsp = cls + rng.gamma(2.0, 50, n) + 10
    if not twin:
        dsp += np.where(_queue(tickets), rng.gamma(2.0, 700, n), 0)
    dsp += np.where(course.approved, rng.lognormal(np.log(3 * HOUR), 0.6, n), 0)
    squeeze = np.minimum(1.0, 0.35 * (end - start) / dsp)
    reg, cls, dsp = start + reg * squeeze, start + cls * squeeze, start + dsp * squeeze
    gap = course.is_gap
    low = np.where(gap, work_seconds(dsp), dsp)
    high = np.where(gap, work_seconds(end), end)

    def moment(r: Ints, share: Floats | float) -> Floats:
        value = low[r] + (high[r] - low[r]) * share
        done = np.where(gap[r], from_work_seconds(value), value)
        return np.where(np.asarray(share) >= 1.0, end[r], np.clip(done, dsp[r] + 1, end[r]))

    dept = course.dept
    build.add(rows, start[rows], "ACP", _CARE, note="系统受理")
    build.add(rows, reg[rows], "REG", _CARE)
    build.add(rows, cls[rows], "CLS", _CARE, note="分类完成")
    direct = rows[course.direct[rows]]
    build.add(direct, dsp[direct], "FRS", _CARE, note="已联系客户")
    build.add(direct, moment(direct, 0.9), "RES", _CARE, note="处理完毕")
    build.add(direct, end[direct], "FBK", _CARE, note="已告知客户结果")
    sent = rows[~course.direct[rows]]
    approved = rows[course.approved[rows]]
    build.add(approved, dsp[approved] - 45 * squeeze[approved], "APR", _CARE, note="客服主管审核通过")

    first_part = np.where(course.reopens == 2, 0.30, np.where(course.reopens == 1, 0.45, 1.0))
    owners, times, rejected = draw_owners(streams, tickets, course, plants, first_part, twin)
    build.add(sent, dsp[sent], "DSP", owners[sent, 0], came_from=_CARE, note="按类型派单")
    hard = np.isin(tickets.subtype, [names.SUBTYPE_OF[s] for s in ("信号弱/无服务", "网络拥堵", "大面积中断")])
    pick = rng.uniform(0.01, 0.05, n) * np.where(hard & (not twin), 2.2, 1.0) * first_part
    stuck_at_door = np.zeros(n, dtype=bool)
    for row in np.flatnonzero(tickets.plant >= 0):
        plant = plants[tickets.plant[row]]
        stuck_at_door[row] = plant.silent and plant.tag in ("handover_stuck", "urgent_weekend")
    lost = streams.get("flow", "lost").random((n, 4))
    accepted = sent[(lost[sent, 0] > (0 if twin else 0.02)) & ~stuck_at_door[sent]]
    build.add(accepted, moment(accepted, pick[accepted]), "ACC", owners[accepted, 0], note="已签收")
    quiet = course.is_silent
    reply = pick + rng.uniform(0.04, 0.16, n) * first_part
    replied = sent[(lost[sent, 1] > (0 if twin else 0.02)) & ~stuck_at_door[sent]]
    build.add(
        replied,
        moment(replied, reply[replied]),
        "FRS",
        owners[replied, 0],
        substantive=~quiet[replied],
        note="已联系客户",
    )
    for visit in range(1, MAX_VISITS):
        moved = sent[owners[sent, visit] >= 0]
        if not len(moved):
            continue
        share = times[moved, visit]
        when = moment(moved, share)
        back = rejected[moved, visit]
        for op, mask, note in (("TRANSFER", ~back, "转相关部门处理"), ("REJECT", back, "非本部门职责,退回")):
            build.add(
                moved[mask],
                when[mask],
                op,
                owners[moved[mask], visit],
                came_from=owners[moved[mask], visit - 1],
                note=note,
            )
        build.add(moved, moment(moved, share + 0.02 * first_part[moved]), "ACC", owners[moved, visit], note="已签收")
        if visit == 1:
            again = moved[lost[moved, 3] < (0 if twin else 0.3)]
            build.add(again, moment(again, times[again, 1]) - 20, "CLS", _CARE, note="重新分类:类型已变更")
    inv = sent[~quiet[sent] & (lost[sent, 2] > (0 if twin else 0.12))]
    build.add(inv, moment(inv, rng.uniform(0.70, 0.78, n)[inv] * first_part[inv]), "INV", dept[inv], note="已核查")
    plan = sent[~quiet[sent] & (lost[sent, 3] > (0 if twin else 0.10))]
    build.add(
        plan,
        moment(plan, rng.uniform(0.80, 0.86, n)[plan] * first_part[plan]),
        "PLN",
        dept[plan],
        note="已制定方案",
    )
    template = rng.random(n) < (0.95 if twin else np.where(tickets.in_2024, 0.35, 0.55))
    cycles = [(sent, 1.0)]
    once, twice = sent[course.reopens[sent] == 1], sent[course.reopens[sent] == 2]
    cycles = [
        (sent[course.reopens[sent] == 0], 1.0),
        (once, 0.45),
        (once, 1.0),
        (twice, 0.30),
        (twice, 0.60),
        (twice, 1.0),
    ]
    for members, share in cycles:
        done = moment(members, share * 0.97)
        for flag, note in ((True, "按模板TPL答复"), (False, "处理完毕")):
            some = template[members] == flag
            build.add(
                members[some],
                done[some],
                "RES",
                dept[members[some]],
                substantive=~quiet[members[some]],
                note=note,
            )
        build.add(members, moment(members, share), "FBK", _CARE, substantive=~quiet[members], note="已告知客户结果")
    for members, share in ((once, 0.53), (twice, 0.38), (twice, 0.68)):
        build.add(
            members,
            moment(members, share),
            "REOPEN",
            dept[members],
            substantive=False,
            note="客户不满意,再次处理",
        )
    paid = sent[course.compensation[sent] > 0]
    build.add(paid, moment(paid, 0.96), "COMPENSATE", dept[paid], note="补偿到账")
    add_extras(build, streams, tickets, course, sent, start, end)
    asked = rows[survey_at[rows] > 0]
    build.add(asked, survey_at[asked], "SAT", _CARE, note="回访")
    archive = np.maximum(end, survey_at) + rng.uniform(0.5, 20, n) * HOUR
    build.add(rows, archive[rows], "ARC", _CARE, note="归档")


def _scripted(build: EventRows, tickets: Tickets, plants: list[Plant], rows: Ints, survey_at: Floats) -> None:
    for row in rows:
        steps = plants[tickets.plant[row]].steps
        owner = _CARE
        for step in steps:
            to = names.DEPT_OF[step.to]
            moves = step.op in ("DSP", "TRANSFER", "REJECT")
            code = len(build.notes)
            build.notes.append(step.note)
            one = np.array([row])
            build.add(
                one,
                np.array([float(step.when)]),
                step.op,
                to,
                came_from=owner if moves else -1,
                substantive=step.substantive,
            )
            last = list(build.parts[-1])
            last[6] = np.array([code])
            build.parts[-1] = tuple(last)
            owner = to if moves else owner
            if step.op == "SAT":
                survey_at[row] = step.when
