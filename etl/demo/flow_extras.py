"""Events beside the main chain: chasers, progress notes, pauses, escalations, external filings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.clock import AS_OF, DAY, HOUR
from etl.demo.course import Course
from etl.demo.event_rows import EventRows
from etl.demo.rng import Streams
from etl.demo.tickets import Tickets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def add_extras(
    build: EventRows,
    streams: Streams,
    tickets: Tickets,
    course: Course,
    sent: Ints,
    start: Floats,
    end: Floats,
) -> None:
    """Chasers, progress notes, pauses, escalations."""
    rng = streams.get("flow", "extras")
    n = len(tickets)
    span = end - start
    chase = np.where(course.is_silent, np.maximum(course.urges, 1), course.urges)
    chase = np.where((span > 8 * HOUR) | (tickets.plant >= 0), chase, 0)
    reach = np.minimum(end, AS_OF) - start
    for number in range(int(chase.max(initial=0))):
        rows = sent[chase[sent] > number]
        share = 0.25 + 0.7 * (number + rng.random(n)[rows]) / np.maximum(chase[rows], 1)
        build.add(
            rows,
            start[rows] + share * reach[rows],
            "URGE",
            course.dept[rows],
            substantive=False,
            note="客户来电催办",
        )
    follows = rng.random((n, 24)) < np.where(tickets.in_2024, 0.75, 0.88)[:, None]
    for step in range(1, 20):
        when = start + step * rng.uniform(40, 47, n) * HOUR
        rows = sent[(when[sent] < end[sent]) & follows[sent, step] & (tickets.plant[sent] < 0)]
        if not len(rows):
            break
        quiet = course.is_silent[rows]
        for flag, note in ((True, "处理中"), (False, "告知客户进度")):
            some = quiet == flag
            build.add(
                rows[some],
                when[rows[some]],
                "PROGRESS",
                course.dept[rows[some]],
                substantive=not flag,
                note=note,
            )
    paused = sent[(rng.random(n)[sent] < 0.02) & (span[sent] > 30 * HOUR) & (tickets.plant[sent] < 0)]
    hold = start + span * 0.45
    build.add(paused, hold[paused], "SUSPEND", course.dept[paused], substantive=False, note="等待客户预约")
    build.add(
        paused,
        (hold + np.minimum(span * 0.1, 2 * DAY))[paused],
        "RESUME",
        course.dept[paused],
        note="客户恢复处理",
    )
    outside = sent[tickets.channel[sent] >= names.HEIMAO]
    build.add(
        outside,
        start[outside] + np.minimum(0.2 * span[outside], 1500),
        "ESCALATE",
        names.DEPT_OF["SUPV"],
        note="升级督办",
    )


def add_external_notes(build: EventRows, tickets: Tickets, course: Course, scripted: Bools) -> None:
    """The first ticket of a chain learns that the customer went outside."""
    outside = (tickets.channel >= names.HEIMAO) & (tickets.channel < names.SUPERVISION) & tickets.is_repeat & ~scripted
    rows = np.flatnonzero(outside & (tickets.root != np.arange(len(tickets))))
    roots = tickets.root[rows]
    ok = ~scripted[roots] & (tickets.merged_into[roots] < 0)
    build.add(
        roots[ok],
        tickets.accepted[rows[ok]] + 600.0,
        "EXTERNAL",
        course.dept[roots[ok]],
        substantive=False,
        note="客户向外部渠道投诉",
    )
