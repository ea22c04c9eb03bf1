"""Workspace settings, policies and the calendar as tables that models can read."""

from __future__ import annotations

import calendar
import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse.problems import Problem, Problems
from warehouse.workspace import DIMENSION_FILES, Workspace

YEARS_BACK, YEARS_AHEAD = 12, 2


@cache
def policies() -> dict[str, dict[str, Any]]:
    """The policy catalogue of `policies.toml`."""
    path = Path(__file__).with_name("policies.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def seed_tables(workspace: Workspace, as_of: datetime) -> dict[str, pa.Table]:
    """Every table named `seed_*` and `run`, by name. `as_of` is the instant the release speaks of."""
    tables = {f"seed_{name}": workspace.dimension(name) for name in DIMENSION_FILES}
    tables["seed_calendar"] = workspace.calendar()
    tables["seed_date"] = _dates(as_of)
    tables["seed_policy"] = _policy_rows()
    tables["seed_assignment"] = _assignments(workspace)
    begin, finish = workspace.settings.working_hours.seconds()
    tables["run"] = pa.table(
        {
            "as_of": pa.array([as_of], pa.timestamp("us")),
            "work_start_s": pa.array([begin], pa.int64()),
            "work_end_s": pa.array([finish], pa.int64()),
            "satisfied_from_score": pa.array([workspace.settings.satisfied_from_score], pa.float64()),
            "satisfied_from_rating": pa.array([workspace.settings.satisfied_from_rating], pa.float64()),
        }
    )
    return tables


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


def _policy_rows() -> pa.Table:
    rows = [
        {
            "policy_id": name,
            "zh": policy["zh"],
            "en": policy["en"],
            "stage": row["stage"],
            "priority": row.get("priority"),
            "type_l1": row.get("type_l1"),
            "limit_min": row["limit_min"],
            "source": f"{policy['source']['zh']} / {policy['source']['en']}",
        }
        for name, policy in policies().items()
        for row in policy["rows"]
    ]
    text = {n: pa.string() for n in ("policy_id", "zh", "en", "stage", "priority", "type_l1", "source")}
    schema = pa.schema([(n, text.get(n, pa.int64())) for n in rows[0]])
    return pa.Table.from_pylist(rows, schema)


def _assignments(workspace: Workspace) -> pa.Table:
    assigned = workspace.settings.policies
    unknown = [a.policy for a in assigned if a.policy not in policies()]
    if unknown:
        known = ", ".join(policies())
        where = str(workspace.folder / "workspace.toml")
        raise Problems([Problem(where, f"policy {p!r} does not exist", f"use one of {known}") for p in unknown])
    starts = [datetime.combine(a.accepted_from, datetime.min.time()) for a in assigned]
    return pa.table(
        {
            "policy_id": pa.array([a.policy for a in assigned], pa.string()),
            "accepted_from": pa.array(starts, pa.timestamp("us")),
            "accepted_to": pa.array([*starts[1:], None][: len(starts)], pa.timestamp("us")),
        }
    )
