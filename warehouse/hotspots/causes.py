"""Why a hotspot is one: the ordered list of causes, each with the figures that decided it. Columns in, rows out.

The first cause that a figure speaks for is the cause; the others are listed all the same. What was not measured is said
to be unknown, never taken for fine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from warehouse.hotspots.settings import Limit, Settings

Row = Mapping[str, Any]
CAUSES = (
    "outage", "works", "weak_coverage", "congestion", "interference", "handover", "core", "terminal",
)  # fmt: skip
UNDETERMINED = "undetermined"
HIT, NOT, UNKNOWN = "hit", "not", "unknown"
CORE = ("CORE", "CORE_NETWORK", "SERVICE", "PLATFORM")  # what probe systems call a cause behind the radio
ACCOUNT = ("ACCOUNT", "ARREARS", "SPEED_LIMIT", "SUSPENDED", "BARRED")  # and one with the customer's own account


@dataclass(frozen=True)
class Figure:
    """One figure: of `n` (tickets, samples or tests) `share` speak for the cause; `example` is the worst object."""

    cause: str
    figure: str
    verdict: str
    value: float | None
    limit_value: float | None
    share: float | None
    n: int
    example: str | None


# Which figure of radio speaks for which cause, and how much of what must have been counted for it to say anything.
RADIO: tuple[tuple[str, str, str | None], ...] = (
    ("outage", "outage", None),
    ("weak_coverage", "weak", "n_samples"),
    ("congestion", "load", None),
    ("interference", "interference", None),
    ("handover", "handover", "n_handovers"),
    ("handover", "drop", "n_attempts"),
    ("core", "access", "n_attempts"),
)


def radio_figures(cells: Mapping[str, Any], rules: Settings) -> tuple[list[Figure], float]:
    """`radio_of_spots` of one hotspot."""
    return radio_of_spots(cells, [0, len(cells["cell_id"])], rules)[0]


def radio_of_spots(
    cells: Mapping[str, Any], cuts: Sequence[int] | NDArray[np.int64], rules: Settings
) -> list[tuple[list[Figure], float]]:
    """Of each hotspot the figures of its cells and the worst badness (0 to 1) among them.

    `cells`: equally long columns cell_id, n_tickets and those of `sql/radio.sql`; missing values are NaN. Hotspot k has
    the rows from `cuts[k]` to `cuts[k + 1]`. A cell counts by the tickets that name it, all alike where none does;
    value is the mean of the cells weighted so.
    """
    n = len(cuts) - 1
    ends = np.asarray(cuts, np.int64)
    spot = np.repeat(np.arange(n), ends[1:] - ends[:-1])
    tickets = np.asarray(cells["n_tickets"], float)
    ids = np.asarray(cells["cell_id"], object)
    by_name = np.unique(ids.astype(str), return_inverse=True)[1].reshape(-1) if len(ids) else np.zeros(0, np.int64)
    figures: list[list[Figure]] = [[] for _ in range(n)]
    worst = np.zeros(n)
    for cause, name, counted in RADIO:
        limit: Limit = getattr(rules.radio, name)
        values = np.asarray(cells[name], float)
        known = np.isfinite(values)
        if counted is not None:
            least = rules.cause.samples if counted == "n_samples" else rules.cause.attempts
            known &= np.nan_to_num(np.asarray(cells[counted], float)) >= least
        at = np.flatnonzero(known)
        of, value = spot[at], values[at]
        named = np.bincount(of, weights=tickets[at], minlength=n)
        weights = np.where(named[of] > 0, tickets[at], 1.0)
        whole = np.bincount(of, weights=weights, minlength=n)
        over = np.bincount(of, weights=weights * limit.over(value), minlength=n)
        order = np.lexsort((by_name[at], -value if limit.is_bad_when_high else value, of))
        spots, first = np.unique(of[order], return_index=True)
        example = dict(zip(spots.tolist(), ids[at[order[first]]].tolist(), strict=True))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = over / whole
            mean = np.bincount(of, weights=value * weights, minlength=n) / whole
        size = np.bincount(of, minlength=n)
        for k in range(n):
            if not size[k]:
                figures[k].append(Figure(cause, name, UNKNOWN, None, limit.limit, None, 0, None))
                continue
            verdict = HIT if share[k] >= rules.cause.tickets else NOT
            told = float(mean[k]), limit.limit, float(share[k]), int(size[k]), str(example[k])
            figures[k].append(Figure(cause, name, verdict, *told))
            worst[k] = max(worst[k], limit.badness(float(mean[k])))
    return list(zip(figures, worst.tolist(), strict=True))


def other_figures(spot: Row, found: Mapping[str, Row | None], rules: Settings) -> list[Figure]:
    """Figures of alarms, works, measured grids, probe systems and handsets.

    `spot`: n_tickets. `found`: the row of each of outage, works, coverage, onsite, terminals and demarcation (cause ->
    n) for this hotspot, or None.
    """
    makers: tuple[Callable[..., Figure], ...] = (_alarms, _works, _grids, _onsite, _probe, _account, _terminal)
    names = ("outage", "works", "coverage", "onsite", "demarcation", "demarcation", "terminals")
    return [make(spot, found.get(name), rules) for make, name in zip(makers, names, strict=True)]


def decide(figures: list[Figure]) -> tuple[str, list[str], list[Figure]]:
    """The cause, every cause that a figure speaks for, and the figures in the order of the list."""
    ordered = sorted(figures, key=lambda f: CAUSES.index(f.cause))
    hits = list(dict.fromkeys(f.cause for f in ordered if f.verdict == HIT))
    return (hits[0] if hits else UNDETERMINED), hits, ordered


def _alarms(spot: Row, row: Row | None, rules: Settings) -> Figure:
    return _of_tickets("outage", "alarms", spot, row, "n_alarms", rules)


def _works(spot: Row, row: Row | None, rules: Settings) -> Figure:
    return _of_tickets("works", "works", spot, row, "n_works", rules)


def _of_tickets(cause: str, name: str, spot: Row, row: Row | None, counted: str, rules: Settings) -> Figure:
    n, limit = int(spot["n_tickets"]), rules.cause.tickets
    if row is None or not n:
        return Figure(cause, name, NOT, 0.0, limit, 0.0, n, None)
    share = float(row["n_hit"]) / n
    verdict = HIT if share >= limit else NOT
    return Figure(cause, name, verdict, float(row[counted]), limit, share, n, str(row["example"]))


def _grids(_: Row, row: Row | None, rules: Settings) -> Figure:
    limit = rules.radio.weak
    if row is None or row["weak"] != row["weak"] or int(row["n_samples"] or 0) < rules.cause.samples:
        return Figure("weak_coverage", "grids", UNKNOWN, None, limit.limit, None, 0, None)
    weak = float(row["weak"])
    verdict = HIT if limit.is_over(weak) else NOT
    return Figure("weak_coverage", "grids", verdict, weak, limit.limit, None, int(row["n_samples"]), None)


def _onsite(_: Row, row: Row | None, rules: Settings) -> Figure:
    limit, n = rules.cause.onsite_dbm, int(row["n_tests"]) if row else 0
    if row is None or n < rules.cause.onsite_least:
        return Figure("weak_coverage", "onsite", UNKNOWN, None, limit, None, n, None)
    level = float(row["rsrp_dbm"])
    return Figure("weak_coverage", "onsite", HIT if level < limit else NOT, level, limit, None, n, None)


def _probe(_: Row, row: Row | None, rules: Settings) -> Figure:
    """Probe systems decide about the core only: what they say of radio is measured by the cells themselves."""
    counts = {str(k): int(v) for k, v in (row or {}).items()}
    n = sum(counts.values())
    if not n:
        return Figure("core", "demarcation", UNKNOWN, None, rules.cause.core_share, None, 0, None)
    share = sum(counts.get(code, 0) for code in CORE) / n
    most = min(counts, key=lambda code: (-counts[code], code))
    verdict = HIT if share >= rules.cause.core_share else NOT
    return Figure("core", "demarcation", verdict, share, rules.cause.core_share, share, n, most)


def _account(_: Row, row: Row | None, rules: Settings) -> Figure:
    """Arrears or a speed limit on the account, of which no counter of a cell tells anything."""
    counts = {str(k): int(v) for k, v in (row or {}).items()}
    n, limit = sum(counts.values()), rules.cause.account_share
    if not n:
        return Figure("terminal", "account", UNKNOWN, None, limit, None, 0, None)
    told = {code: counts[code] for code in ACCOUNT if code in counts}
    share = sum(told.values()) / n
    most = min(told, key=lambda code: (-told[code], code), default=None)
    return Figure("terminal", "account", HIT if share >= limit else NOT, share, limit, share, n, most)


def _terminal(_: Row, row: Row | None, rules: Settings) -> Figure:
    """One handset too often to be chance, and most of the customers."""
    rule = rules.cause
    if row is None or int(row["n_known"]) < rule.terminal_least:
        return Figure("terminal", "handset", UNKNOWN, None, rule.terminal_share, None, 0, None)
    n, known, usual = int(row["n"]), int(row["n_known"]), float(row["share_of_all"])
    share = n / known
    is_odd = float(special.bdtrc(n - 1, known, usual)) < rule.terminal_alpha and share >= rule.terminal_lift * usual
    verdict = HIT if share >= rule.terminal_share and is_odd else NOT
    return Figure("terminal", "handset", verdict, share, rule.terminal_share, share, known, str(row["terminal_model"]))
