"""`detection`: outbreaks found on the published design, and what the joint rule finds beyond single-signal rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bench.detection import report, trial
from bench.detection.score import Share
from bench.measure import Ratio
from bench.results import Figure

SIZE = 2.0  # at which no signal of a cell moves by a standard deviation
QUICK = 20  # cities


def measure(is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """Both designs; writes their tables and pictures, unless quick."""
    say("detection: published design")
    rows = report.judge_published()
    ours, known = (report.by_name(rows, name) for name in (report.GOAL_METHOD, report.KNOWN))
    seen = trial.run(say, *((QUICK, QUICK) if is_quick else ()))
    best = seen.best_single()
    more, earlier = seen.gain(SIZE, best)
    pod = {name: seen.found[SIZE][name].pod.value for name in ("joint", best)}
    if not is_quick:
        report.write(rows, seen, datetime.now(UTC).replace(tzinfo=None))
    met = ours.fpr.value <= report.FPR and ours.pod.value >= report.POD
    return [
        Figure(
            "detection", "outbreaks found on the 42-scenario design",
            _ratio(ours.pod, ours.pod.value, known.pod.value, 840),
            f">= {report.POD} at FPR <= {report.FPR}", met, "POD",
            f"{report.GOAL_METHOD}: FPR {ours.fpr}, PPV {ours.ppv}; floor: {report.KNOWN}; see detection/RESULTS.md",
        ),
        Figure(
            "joint", f"incidents of size {SIZE:g} found by the joint rule beyond “{best}”",
            _ratio(more, pod["joint"], pod[best], len(seen.found[SIZE]["joint"].delays)),
            "> 0 at one rate of false alarms", more.low > 0, "share found",
            f"{earlier} weeks earlier; false city-weeks {seen.false['joint']} and {seen.false[best]}",
        ),
    ]  # fmt: skip


def _ratio(share: Share, ours: float, floor: float, n: int) -> Ratio:
    return Ratio(share.value, share.low, share.high, ours, floor, n)
