"""Which departments own a ticket in which order: transfers, loops, rejects, visits to HR and partners."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.course import Course
from etl.demo.plant import Plant
from etl.demo.rng import Streams
from etl.demo.tickets import Tickets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_CARE = names.DEPT_OF["CARE"]
MAX_VISITS = 6


def draw_owners(
    streams: Streams, tickets: Tickets, course: Course, plants: list[Plant], first_part: Floats, twin: bool
) -> tuple[Ints, Floats, Bools]:
    """Departments in the order of ownership after dispatch, the share of time of each move, and rejects."""
    rng = streams.get("flow", "owners")
    n = len(tickets)
    owners = np.full((n, MAX_VISITS), -1)
    times = np.zeros((n, MAX_VISITS))
    rejected = np.zeros((n, MAX_VISITS), dtype=bool)
    owners[:, 0] = course.dept
    usual = [names.DEPT_OF[d] for d in ("NET", "BIL", "MKT", "HALLMGT", "NETMAINT", "TECH")]
    for k in range(1, 5):
        rows = np.flatnonzero((course.transfers == k) & (tickets.plant < 0))
        if not len(rows):
            continue
        shuffled = np.argsort(rng.random((len(rows), len(usual))), axis=1)
        path = np.array(usual)[shuffled]
        # Never the final owner on the way: a return is a loop, and loops are planted on purpose.
        is_final = path == course.dept[rows][:, None]
        path = np.take_along_axis(path, np.argsort(is_final, axis=1, kind="stable"), axis=1)
        owners[rows, :k] = path[:, :k]
        owners[rows, k] = course.dept[rows]
        loop = rows[course.loop[rows]]
        owners[loop, 0] = course.dept[loop]
        back = rng.random(len(loop)) < 0.5
        owners[loop[back], k - 1] = _CARE
        rejected[loop[back], k - 1] = k - 1 >= 1
    visited = np.flatnonzero((course.visit >= 0) & (course.transfers > 0))
    owners[visited, 0] = course.visit[visited]
    for row in np.flatnonzero(tickets.plant >= 0):
        route = plants[tickets.plant[row]].route
        if route:
            owners[row, : len(route) - 1] = [names.DEPT_OF[d] for d in route[1:]]
    for visit in range(1, MAX_VISITS):
        here = owners[:, visit] >= 0
        share = 0.10 + 0.50 * visit / np.maximum(course.transfers + 1, 2)
        share = np.where(
            course.visit >= 0, np.maximum(course.visit_share, 0.1) + 0.04 * (visit - 1), share * first_part
        )
        times[:, visit] = np.where(
            here, np.minimum(share, 0.72 + 0.01 * visit) * np.where(course.visit >= 0, first_part, 1), 0
        )
    return owners, times, rejected
