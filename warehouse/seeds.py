"""Workspace settings, policies and the calendar as tables that models can read."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

import pyarrow as pa

from warehouse.cases import case_tables
from warehouse.hotspots.radio import FIGURES
from warehouse.hotspots.settings import settings
from warehouse.made import HOTSPOTS
from warehouse.policies import STAGES, WEIGHTS, Regime, catalogue, regimes
from warehouse.problems import Problem, Problems
from warehouse.workspace import DIMENSION_FILES, WorkingHours, Workspace

YEARS_BACK, YEARS_AHEAD = 12, 2


def seed_tables(workspace: Workspace, as_of: datetime) -> dict[str, pa.Table]:
    """Every table named `seed_*` and `run`, by name. `as_of` is the instant the release speaks of."""
    tables = {f"seed_{name}": workspace.dimension(name) for name in DIMENSION_FILES}
    tables["seed_calendar"] = workspace.calendar()
    tables["seed_date"] = _dates(as_of)
    # The hour alone, in seconds: it stays from day to day, and so do the sums that hang on it.
    tables["seed_hour"] = pa.table(
        {"hour_s": pa.array([as_of.hour * 3600 + as_of.minute * 60 + as_of.second], pa.int64())}
    )
    tables["seed_policy"] = _policy_rows(workspace.settings.working_hours)
    tables["seed_pause_reason"] = _pause_reasons()
    tables["seed_assignment"] = _assignments(workspace)
    tables |= case_tables(workspace.folder)
    begin, finish = workspace.settings.working_hours.seconds()
    tables["seed_hotspot"] = _hotspots(workspace)
    tables["seed_radio"] = _radio(workspace)
    tables["run"] = pa.table(
        {
            "as_of": pa.array([as_of], pa.timestamp("us")),
            "work_start_s": pa.array([begin], pa.int64()),
            "work_end_s": pa.array([finish], pa.int64()),
            "pause_cap_s": pa.array([catalogue().pauses.cap_s], pa.int64()),
            "satisfied_from_score": pa.array([workspace.settings.satisfied_from_score], pa.float64()),
            "satisfied_from_rating": pa.array([workspace.settings.satisfied_from_rating], pa.float64()),
        }
    )
    return tables


def _hotspots(workspace: Workspace) -> pa.Table:
    """What makes a hotspot here, where the square grid starts, and the version of the code that finds them."""
    rules = settings(workspace.settings.hotspots)
    lon, lat = workspace.settings.place.grid_origin or (None, None)
    return pa.table(
        {
            "settings_json": pa.array([rules.model_dump_json()], pa.string()),
            "origin_lon": pa.array([lon], pa.float64()),
            "origin_lat": pa.array([lat], pa.float64()),
            "version": pa.array([HOTSPOTS.version], pa.int64()),
        }
    )


def _radio(workspace: Workspace) -> pa.Table:
    """From when on a figure of a cell's counters counts for a cause, and of how many attempts and reports it is one."""
    rules = settings(workspace.settings.hotspots)
    limits = {name: float(getattr(rules.radio, name).limit) for name in FIGURES}
    limits["drop_rate"] = limits.pop("drop")  # a word of SQL
    enough = {"attempts": int(rules.cause.attempts), "samples": int(rules.cause.samples)}
    return pa.table({name: [value] for name, value in (limits | enough).items()})


def _dates(as_of: datetime) -> pa.Table:
    first = date(as_of.year - YEARS_BACK, 1, 1)
    last = date(as_of.year + YEARS_AHEAD, 12, 31)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    iso = [d.isocalendar() for d in days]
    return pa.table(
        {
            "date_on": pa.array(days, pa.date32()),
            "iso_year": pa.array([i.year for i in iso], pa.int32()),
            "iso_week": pa.array([i.week for i in iso], pa.int32()),
            "week_start": pa.array([d - timedelta(d.weekday()) for d in days], pa.date32()),
            "month_start": pa.array([d.replace(day=1) for d in days], pa.date32()),
            "weekday": pa.array([d.isoweekday() for d in days], pa.int32()),
            "day_of_month": pa.array([d.day for d in days], pa.int32()),
            "days_in_month": pa.array([calendar.monthrange(d.year, d.month)[1] for d in days], pa.int32()),
        }
    )


def _policy_rows(hours: WorkingHours) -> pa.Table:
    rows = [
        {
            "policy_id": name,
            "zh": regime.zh,
            "en": regime.en,
            "kind": regime.kind,
            "stage": row.stage,
            "ends_with": STAGES[row.stage],
            "clock_from": row.clock_from,
            "clock": row.clock,
            "reading": row.reading,
            **{selector: getattr(row, selector) for selector in WEIGHTS},
            "source": f"{regime.source.zh} / {regime.source.en}",
            "reason": f"{row.not_measured.zh} / {row.not_measured.en}" if row.not_measured else None,
            "limit_s": row.seconds(hours),
            "specificity": row.specificity(),
            "is_pausable": row.pause,
            "is_measured": row.is_measured,
            "is_promised": row.limit == "promised",
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        for name, regime in regimes().items()
        for row in regime.rows
    ]
    other = {"limit_s": pa.int64(), "specificity": pa.int64(), "valid_from": pa.date32(), "valid_to": pa.date32()}
    other |= {name: pa.bool_() for name in rows[0] if name.startswith("is_")}
    return pa.Table.from_pylist(rows, pa.schema([(n, other.get(n, pa.string())) for n in rows[0]]))


def _pause_reasons() -> pa.Table:
    columns = ("id", "zh", "en", "words")
    rows = [{f"reason_{n}": getattr(reason, n) for n in columns} for reason in catalogue().pauses.reasons]
    return pa.Table.from_pylist(rows, pa.schema([(f"reason_{n}", pa.string()) for n in columns]))


def _assignments(workspace: Workspace) -> pa.Table:
    assigned = workspace.settings.policies
    unknown = [a.policy for a in assigned if a.policy not in regimes()]
    if unknown:
        known = ", ".join(regimes())
        where = str(workspace.folder / "workspace.toml")
        raise Problems([Problem(where, f"policy {p!r} does not exist", f"use one of {known}") for p in unknown])
    where = str(workspace.folder / "workspace.toml")
    unfit = [a.policy for a in assigned if not _may_be_in_force(regimes()[a.policy])]
    if unfit:
        what = "leaves the first reply or the result without a limit of natural time from the acceptance"
        raise Problems([Problem(where, f"policy {p!r} {what}", "put another one in force") for p in unfit])
    starts = [datetime.combine(a.accepted_from, datetime.min.time()) for a in assigned]
    return pa.table(
        {
            "policy_id": pa.array([a.policy for a in assigned], pa.string()),
            "accepted_from": pa.array(starts, pa.timestamp("us")),
            "accepted_to": pa.array([*starts[1:], None][: len(starts)], pa.timestamp("us")),
        }
    )


def _may_be_in_force(regime: Regime) -> bool:
    """Whether every ticket gets a due time for both judged stages."""
    general = {r.stage for r in regime.rows if not r.selectors() and r.is_measured}
    judged = [r for r in regime.rows if r.stage in ("FRS", "FBK")]
    plain = all(r.clock == "natural" and r.clock_from == "ACP" and r.limit != "none" for r in judged)
    return plain and {"FRS", "FBK"} <= general
