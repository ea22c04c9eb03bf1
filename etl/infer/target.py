"""Which lake table a file belongs to: every table's best assignment, weighed by names, grain and what is missing."""

from __future__ import annotations

from pathlib import Path

from etl.infer import derive
from etl.infer.filename import read_name
from etl.infer.fit import CELLS
from etl.infer.keys import log_key, period_minutes, repeats
from etl.infer.match import Match, assign, table_words
from etl.infer.nodes import node_and_cell, year_and_month
from etl.infer.profile import Profile
from etl.infer.shape import Shape
from etl.infer.types import Reading
from etl.infer.unpivot import figures_to_rows
from etl.infer.values import Known
from etl.infer.words import refusal
from warehouse.canonical import tables

WORD_BONUS = 0.45
UNDERIVABLE_PENALTY = 1.6
LOG_PENALTY = 8.0
PERIODS = {"cell_kpi_15m": (15, 5, 10, 30), "cell_kpi_1h": (60,)}


def best_table(
    path: Path,
    shape: Shape,
    profile: Profile,
    readings: dict[str, Reading],
    known: Known,
    wanted: str | None,
    barred: set[str],
) -> tuple[Match, list[tuple[str, float]]]:
    """The best match and the scores of the first four tables. Raises `Problems` when `wanted` is none of ours."""
    open_tables = {n: t for n, t in tables().items() if not t.internal}
    if wanted is not None and wanted not in open_tables:
        raise refusal("table", "--table", name=wanted, known=", ".join(sorted(open_tables)))
    texts = [path.stem, shape.sheet_name, *shape.title]
    log = log_key(profile, readings)
    scored: list[tuple[float, Match]] = []
    for name, table in open_tables.items():
        if wanted is not None and name != wanted:
            continue
        match = assign(table, profile, readings, known, barred)
        total = match.total + WORD_BONUS * min(2, table_words(name, texts))
        total -= UNDERIVABLE_PENALTY * _underivable(match, path, profile, readings)
        total += _grain(match, profile, readings, log)
        if name == "kpi_value":
            total += figures_to_rows(match, profile, readings).bonus
        scored.append((total, match))
    scored.sort(key=lambda s: -s[0])
    return scored[0][1], [(m.table.name, round(s, 2)) for s, m in scored[:4]]


def _underivable(match: Match, path: Path, profile: Profile, readings: dict[str, Reading]) -> int:
    hits = {c: h.header for c, h in match.hits.items()}
    name = read_name(path)
    known = derive.constants_of(match.table, profile, readings, hits, path.stem)
    if node_and_cell(profile, readings):
        known |= dict.fromkeys(CELLS, "")
    if derive.clocks_apart(profile, readings):
        known |= {c: "" for c in match.missing if match.table.columns[c].type == "time"}
    known |= {c: "" for c in match.missing if year_and_month(match.table, c, profile, readings)}
    if match.table.name == "kpi_value" and figures_to_rows(match, profile, readings).headers:
        known |= {"kpi_code": "", "value": ""}
    return sum(
        derive.from_name(match.table, c, name) is None and derive.constant(match.table, c, path.stem, known) is None
        for c in match.missing
    )


def _grain(match: Match, profile: Profile, readings: dict[str, Reading], log: str) -> float:
    """A table of one row per ticket does not fit a file of many, nor a log a file with one."""
    if (start := match.hits.get("period_start")) and match.table.name in PERIODS:
        minutes = period_minutes(profile[start.header], readings[start.header])
        return 0.0 if minutes is None or minutes in PERIODS[match.table.name] else -0.6
    if match.table.name == "cell_kpi_1d" and derive.clocks_apart(profile, readings):
        return -1.0
    hit = match.hits.get("ticket_id")
    if log and match.table.name in ("ticket", "satisfaction") and (hit is None or hit.header == log):
        return -LOG_PENALTY
    if hit is None or profile.n_rows < 5:
        return 0.0
    times = repeats(profile[hit.header])
    if match.table.name in ("ticket", "satisfaction"):
        return -1.2 if times > 1.5 else 0.0
    return -1.2 if match.table.name == "ticket_event" and times < 1.2 else 0.0
