"""Little homes made from hand-written rows, without files: rows go into the lake as a load would put them there."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import warehouse
from tests.sharing import once
from tests.warehouse.partial import named_in, only
from warehouse.build import Build, Built
from warehouse.canonical import PARTITION, tables
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.query import Reader
from warehouse.release import LAYER_FROM_BYTES, Releases
from warehouse.workspace import load_workspace

DEMO_WORKSPACE = Path(warehouse.__file__).parent.parent / "workspaces" / "demo"
AS_OF = datetime(2025, 3, 31, 8, 30)
Row = Mapping[str, Any]


@dataclass
class LittleHome:
    """A LOOKOUT_HOME in the demo workspace. Every file loaded is a minute later than the one before."""

    home: Home
    as_of: datetime = AS_OF
    clock: datetime = datetime(2025, 4, 1)
    n_files: int = 0
    targets: dict[str, str] = field(default_factory=dict)
    layer_from_bytes: int = LAYER_FROM_BYTES
    tables: frozenset[str] | None = None  # what is built of the release, all of it unless told
    opened: dict[tuple[Path, int], Reader] = field(default_factory=dict)

    @property
    def lake(self) -> Lake:
        return Lake(self.home.lake)

    @property
    def releases(self) -> Releases:
        return Releases(self.home.releases)

    def load(self, table: str, rows: Sequence[Row], file_id: str | None = None, file_on: str = "") -> str:
        """Append rows of one file and register it; the same `file_id` again is a load under a changed contract."""
        self.n_files += 1
        identity = file_id or f"file{self.n_files:04d}"
        self.clock += timedelta(minutes=1)
        provenance = {"file_id": identity, "file_on": file_on, "loaded_at": self.clock}
        full = [{**row, **provenance, "row_no": n, PARTITION: part_of(table, row)} for n, row in enumerate(rows)]
        self.lake.append(table, pa.Table.from_pylist(full, tables()[table].schema), {"file_id": identity})
        self.targets[identity] = table
        self.register(identity, "loaded", len(full))
        return identity

    def register(self, file_id: str, state: str, n_rows: int = 0) -> None:
        """Append a row about a file: from now on its rows count, or do not."""
        entry = {
            "file_id": file_id,
            "file_name": f"{file_id}.csv",
            "contract": f"little_{self.targets[file_id]}",
            "target_table": self.targets[file_id],
            "state": state,
            "n_rows": n_rows,
            "n_loaded": n_rows,
            "n_rejected": 0,
            "loaded_at": self.clock,
        }
        self.lake.append("etl_file", pa.Table.from_pylist([entry], tables()["etl_file"].schema), {"files": "1"})

    def withdraw(self, file_id: str) -> None:
        self.clock += timedelta(minutes=1)
        self.register(file_id, "withdrawn")

    def build(self, full: bool = False) -> Built:
        workspace = load_workspace(self.home.root)
        build = Build(self.home, workspace, self.as_of, self.clock, lambda _: None, self.layer_from_bytes)
        with nullcontext() if self.tables is None else only(self.tables):
            return build.run(full)

    def reader(self, **options: Any) -> Reader:
        """Of the current release; the same one again for whoever asks for nothing special, as opening takes long."""
        current = self.releases.current()
        assert current is not None
        path = self.releases.path(current)
        if options:
            return Reader(path, **options)
        as_it_is = path, path.stat().st_mtime_ns
        if as_it_is not in self.opened:
            self.opened[as_it_is] = Reader(path)
        return self.opened[as_it_is]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a select on the current release."""
        frame = self.reader().ask(sql, [])
        return frame.astype(object).where(pd.notna(frame), None).to_dict(orient="records")


def part_of(table: str, row: Row) -> str | None:
    """The partition a load gives a row."""
    entry = tables()[table]
    if entry.time_column is None:
        return None
    text = row[entry.time_column].isoformat()
    return text[:7] if entry.partition.startswith("month") else text[:10]


def ticket(number: int | str, accepted_at: datetime, **values: Any) -> dict[str, Any]:
    """A network complaint over the hotline in Guangling by a customer of its own, unless told otherwise."""
    usual = {"cust_key": f"key-{number}", "type_code": "NET01", "channel_code": "HOTLINE", "region_code": "321002"}
    known = {"request_kind": "complaint", "validity": "valid", "owner_dept": "NET"}
    return {"ticket_id": f"T{number}", "accepted_at": accepted_at, **usual, **known, **values}


def kpi(cell: str, day: datetime, **values: Any) -> dict[str, Any]:
    return {"cell_id": cell, "period_on": day.date(), "rrc_att": 100, "rrc_succ": 99, **values}


@pytest.fixture
def little(tmp_path: Path, request: pytest.FixtureRequest) -> LittleHome:
    """An empty home, of which only the tables are built that the test and what it calls in its module name, or that
    stand in the module's `TABLES`."""
    empty = new_home(tmp_path / "home")
    empty.tables = named_in(request.path, request.function.__name__) | frozenset(getattr(request.module, "TABLES", ()))
    return empty


def new_home(root: Path) -> LittleHome:
    shutil.copytree(DEMO_WORKSPACE, root)
    home = Home(root)
    home.prepare()
    return LittleHome(home)


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory) -> LittleHome:
    """A built home with rows in every table: regions, departments, types and towns mixed. Not to be changed."""
    return LittleHome(Home(once(tmp_path_factory, "varied", lambda folder: _varied(folder / "home")) / "home"))


def _varied(root: Path) -> None:
    little = new_home(root)
    (little.home.root / "cases.toml").write_text(CASES, encoding="utf-8")
    rng = random.Random(7)
    regions, types, start = (
        ["321002", "321003", "321023"],
        ["NET01", "NET02", "SVC01", "TAR01", "BIZ01"],
        datetime(2025, 3, 1),
    )
    tickets, surveyed, log = [], [], []
    for n in range(160):
        at = start + timedelta(hours=4 * n)
        fate = {"first_reply_at": at + timedelta(hours=1), "feedback_at": at + timedelta(hours=rng.choice([2, 30]))}
        region = rng.choice([*regions[:2], *regions])
        values = {
            "region_code": region,
            "type_code": rng.choice(types),
            "channel_code": rng.choice(["HOTLINE", "WEB", "APP", "MIIT"]),
            "owner_dept": rng.choice(["NET", "CARE", "BIL", None]),
            "cause_l1": ("设备", "传输", None)[n % 3],
            "town": f"{region}-{n % 9}",
            "cust_key": f"key-{n % 120}",
            "is_solved": rng.random() < 0.8,
            "summary_scrubbed": "text",
            "lon": 119.4,
            "lat": 32.4,
            "age_band": rng.choice(["18-30", "31-50", "51+"]),
            **({"n_transfers": 3} if n % 20 == 2 else {}),
            **({"compensation_yuan": 10.0 + n % 7, "intake_staff": f"i{n % 3}"} if n % 4 == 0 else {}),
        }
        tickets.append(ticket(n, at, **values, **(fate if rng.random() < 0.9 else {})))
        log += [{"ticket_id": f"T{n}", "seq": 1, "event_at": at, "event": "ACP", "staff_key": "s"}] if n % 2 else []
        surveyed.append(
            {"ticket_id": f"T{n}", "surveyed_at": at + timedelta(days=2), "answer_code": rng.choice([1, 2, 3])}
        )
    identity = little.load("ticket", [*tickets, *crowd()])
    little.load("ticket_event", [{**e, "event": "FRS"} for e in log])
    done = {"seq": 9, "event": "RES", "note_scrubbed": "by TPL"}
    hour = timedelta(hours=1)
    solved = [{**e, **done, "event_at": e["event_at"] + hour, "staff_key": f"s{i % 2}"} for i, e in enumerate(log)]
    little.load("ticket_event", solved)
    # One day on which enough came to one department to ask in which order they were taken up.
    begun = start + timedelta(minutes=5)
    sent = [{"ticket_id": f"T{n}", "seq": 3, "event_at": begun + n * 4 * hour} for n in range(6, 12)]
    little.load("ticket_event", [{**e, "event": "DSP", "from_dept": "CARE", "to_dept": "NET"} for e in sent])
    signed = [{**e, "seq": 4, "event_at": e["event_at"] + timedelta(minutes=9 * n)} for n, e in enumerate(sent, 1)]
    little.load("ticket_event", [{**e, "event": "ACC", "to_dept": "NET"} for e in signed])
    little.load("satisfaction", surveyed)
    first = {"snapshot_on": start.date(), "site_id": "S1", "lon": 119.37, "lat": 32.36}
    cells = [{"cell_id": f"C{n}", **first, "region_code": regions[n % 3]} for n in range(6)]
    little.load("cell", cells)
    little.load("cell_kpi_1d", [kpi(f"C{n % 6}", start + timedelta(days=n // 6), **MR) for n in range(60)])
    # A cell whose signal falls after a fortnight, to a weak one.
    levels: list[Row] = [{"mr_samples": 600, "mr_weak": 6, "rsrp_sum_dbm": -90.0 * 600}] * 14
    levels.append({"mr_samples": 600, "mr_weak": 200, "rsrp_sum_dbm": -99.0 * 600})
    little.load("cell_kpi_1d", [kpi("C0", datetime(2025, 1, 5 + n), **day) for n, day in enumerate(levels)])
    little.load("users", [{**month, "region_code": r} for r in regions for month in MONTHS_OF_USERS])
    little.load(
        "survey", [{"survey_id": f"S{n}", "region_code": regions[n % 3], "score_10": n % 11} for n in range(50)]
    )
    little.load("experience_rating", [{"rating": n % 6, "region_code": regions[n % 3]} for n in range(50)])
    little.load("hall", [{"hall_id": f"H{n}", "region_code": regions[n % 3]} for n in range(3)])
    little.load("change_event", [{"change_id": "X", "kind": "network", "started_at": start, "scope_region": "321002"}])
    counted = {"type_l1": "NET", "channel_code": "HOTLINE", "n_tickets": 9}
    little.load("count_history", [{**counted, "counted_on": start.date(), "region_code": r} for r in regions])
    pause = [{"ticket_id": "T1", "seq": 10 + n, "event_at": start + timedelta(hours=4 + n)} for n in (2, 3)]
    little.load("ticket_event", [{**pause[0], "event": "SUSPEND"}, {**pause[1], "event": "RESUME"}])
    for table, row in OTHER_SOURCES.items():
        little.load(table, [{**row, **({"region_code": regions[0]} if "region_code" in row else {})}])
    hourly = {**OTHER_SOURCES["kpi_value"], "period_minutes": 60, "kpi_code": "HOURLY"}
    little.load("kpi_value", [{**hourly, "period_start": _AT + timedelta(hours=n)} for n in (0, 5)])
    refused = {"file_id": identity, "row_no": 1, "column_name": "lon", "rule": "outside", "action": "missing"}
    for name, more in (
        ("quarantine", {"value_scrubbed": "x"}),
        ("unmapped_value", {"value_scrubbed": "x", "n_rows": 1}),
    ):
        # Quarantined rows carry the load's instant, by which they count or not.
        row = {**refused, **more, "loaded_at": datetime(2025, 4, 1, 0, 1)}
        little.lake.append(name, pa.Table.from_pylist([row], tables()[name].schema), {"file_id": identity})
    little.build()


def crowd(first: int = 900, n: int = 12, on: datetime = datetime(2025, 3, 12), since: int = 8) -> list[dict[str, Any]]:
    """`n` customers of one 50 m cell beside the cells of `varied` on one day, and others far apart in weeks before."""
    half, size = 1 << 19, 50 << 40
    grids = [(-79, -75)] * n + [(400 + 90 * k, 300) for k in range(since)]
    whens = [on + timedelta(hours=k % 20) for k in range(n)] + [on - timedelta(weeks=3 * k + 1) for k in range(since)]
    located = {"geo_grade": "A", "town": "321002-0", "urban_rural": "城镇", "lon": 119.37, "lat": 32.36}
    return [
        ticket(first + k, when, grid50=size | (half + x) << 20 | (half + y), h3_8=HEXAGON, **located)
        for k, ((x, y), when) in enumerate(zip(grids, whens, strict=True))
    ]


HEXAGON = "8830e1ca2bfffff"
MR = {"mr_samples": 10, "mr_weak": 1}
# A case in the middle of the cells, and a template for every type.
CASES = """
[[case]]
id = "one"
name = { zh = "一", en = "One" }
summary = { zh = "概要", en = "Summary" }
type_code = "NET01"
tickets = ["T1", "T3"]
place_id = "P05"
lesson = { zh = "经验", en = "Lesson" }
""" + "".join(
    f"""
[[template]]
id = "{kind}"
type_l1 = "{kind}"
marker = "TPL"
name = {{ zh = "模板", en = "Template" }}
text = {{ zh = "答复", en = "Answer" }}
"""
    for kind in ("NET", "SVC", "TAR", "BIZ")
)
_DAY, _AT = date(2025, 3, 1), datetime(2025, 3, 1, 9)
OTHER_SOURCES: dict[str, dict[str, Any]] = {
    "biz_op": {"op_on": _DAY, "op_name": "x", "channel_code": "WEB", "n_attempts": 9, "n_success": 9},
    "bill": {"period_month": _DAY, "region_code": "", "package_code": "P", "n_bills": 9, "n_checked": 9, "n_errors": 1},
    "port": {"ported_on": _DAY, "region_code": "", "n_out": 9, "n_in": 3},
    "staffing": {"worked_on": _DAY, "hour_of_day": 9, "team_name": "x", "n_calls": 9, "n_answered_15s": 8},
    "ai_session": {"session_on": _DAY, "topic": "x", "n_sessions": 9, "n_contained": 3},
    "experience_week": {"week_start": _DAY, "region_code": "", "town": "x", "n_active": 9},
    "contact": {"contact_id": "c1", "ticket_id": "T1", "contact_at": _AT, "kind": "chaser"},
    "opinion": {"opinion_id": "o1", "published_at": _AT, "region_code": ""},
    "market_event": {"event_id": "m1", "observed_at": _AT, "region_code": ""},
    "province_bulletin": {"period_month": _DAY, "metric_code": "M07", "value": 0.8, "rank": 3, "n_cities": 13},
    "alarm": {"source_system": "A", "alarm_id": "a1", "site_id": "S1", "alarm_name": "x", "started_at": _AT},
    "kpi_value": {"scope_kind": "cell", "scope_id": "C1", "period_start": _AT, "kpi_code": "RATE", "value": 0.9},
    "mr_grid": {"measured_on": _DAY, "grid_x": 1, "grid_y": 2, "cell_id": "C1", "rat": "LTE", "n_samples": 9},
    "drive_test": {"test_id": "d1", "measured_at": _AT, "cell_id": "C1", "rsrp_dbm": -90.0},
    "onsite_test": {"test_id": "t1", "ticket_id": "T1", "tested_at": _AT, "rsrp_dbm": -110.0},
    "demarcation": {"ticket_id": "T1", "source_system": "p", "window_start": _AT, "cause_code": "COVERAGE"},
    "incident": {"incident_id": "i1", "kind": "outage", "region_code": "", "started_at": _AT},
}  # fmt: skip
MONTHS_OF_USERS = [{"period_month": date(2025, m, 1), "users_begin": 10_000, "users_end": 11_000} for m in (1, 2, 3)]


@pytest.fixture(scope="session")
def demo_reader(demo_home: Path) -> Iterator[Reader]:
    """The release of the demo city."""
    releases = Releases(Home(demo_home).releases)
    current = releases.current()
    assert current is not None
    yield Reader(releases.path(current))
