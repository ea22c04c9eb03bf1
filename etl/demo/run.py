"""Puts the parts of the demo city together and writes the inbox and the answer key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from etl.demo import dirt, write
from etl.demo.actions import Action, plan_actions
from etl.demo.city import build_city
from etl.demo.course import run_course
from etl.demo.field_files import write_field_files
from etl.demo.flow import build_log
from etl.demo.golden import LI, WANG, ZHANG, ZHANG_EXTERNAL, golden_plants, golden_truth
from etl.demo.grid_files import write_grids
from etl.demo.history_files import write_history
from etl.demo.kpi import write_kpi
from etl.demo.network_files import write_alarms, write_cells
from etl.demo.operations import write_operations
from etl.demo.outbreaks import STUCK, outbreak_plants, outbreak_truth
from etl.demo.outside_files import write_outside_files
from etl.demo.plant import Plant, Truth
from etl.demo.radio_events import ambient_outages, effects, planned_outages, radio_truth
from etl.demo.rng import Streams
from etl.demo.side_files import write_side_files
from etl.demo.side_truth import side_truth
from etl.demo.survey_files import write_surveys
from etl.demo.ticket_files import ticket_table, write_log, write_tickets
from etl.demo.tickets import draw

GOLDEN_TICKETS = {"zhang": (ZHANG, ZHANG_EXTERNAL), "wang": (WANG,), "li": LI, "stuck": (STUCK,)}


@dataclass(frozen=True)
class DemoSummary:
    """What a generation wrote. `golden` maps a case to its ticket ids; `seconds` is wall time."""

    folder: Path
    seed: int
    scale: int
    twin: bool
    files: int
    megabytes: float
    tickets: int
    valid_2024: int
    events: int
    cells: int
    truth_rows: int
    seconds: float
    golden: dict[str, tuple[str, ...]] = field(default_factory=dict)


def generate(
    out: Path,
    seed: int = 20250331,
    scale: int = 1,
    twin: bool = False,
    progress: Callable[[str], None] | None = None,
) -> DemoSummary:
    """Write the demo city (模拟数据) to `out/inbox` and its answer key to `out/truth_events.csv`.

    The same arguments give byte-identical files. `scale` multiplies tickets, users and cells.
    `twin` gives the same city with nothing planted and work done in time. ValueError for a scale below 1.
    """
    if scale < 1:
        raise ValueError(f"scale = {scale}: expected a whole number from 1 up")
    say = progress or (lambda _: None)
    began = time.perf_counter()
    inbox = Path(out) / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    streams = Streams(seed)
    city = build_city(streams, scale)
    plants: list[Plant] = [] if twin else [*golden_plants(city), *outbreak_plants(streams, city)]
    actions: list[Action] = [] if twin else plan_actions(streams)
    tickets = draw(streams, city, plants, actions, scale, twin)
    course = run_course(streams, tickets, plants, twin)
    log = build_log(streams, tickets, course, plants, twin)
    rows = ticket_table(streams, city, tickets, course, log, plants, twin)
    say("工单")
    write_tickets(inbox, rows, tickets.accepted)
    write_log(inbox, tickets, log)
    say("流转")
    write_surveys(streams, inbox, tickets, course, log, twin)
    say("回访")
    outages = [] if twin else [*planned_outages(city), *ambient_outages(streams, city)]
    write_cells(inbox, city)
    write_alarms(streams, inbox, city, outages, twin)
    write_kpi(streams, inbox, city, [] if twin else effects(city, outages), twin, say)
    write_side_files(streams, inbox, city, tickets, scale, twin)
    write_outside_files(streams, inbox, scale, twin)
    write_history(streams, inbox, scale, twin)
    write_field_files(streams, inbox, city, tickets, course, log, scale, twin)
    write_grids(streams, inbox, city)
    say("外场")
    truth: list[Truth] = []
    if not twin:
        truth = [*golden_truth(), *outbreak_truth(), *radio_truth(), *side_truth()]
        truth += write_operations(streams, inbox, actions, scale)
        truth += dirt.write_dirt(streams, inbox, city, rows, tickets.counted)
    _write_truth(Path(out) / "truth_events.csv", truth)
    files = [p for p in inbox.iterdir() if p.is_file()]
    return DemoSummary(
        folder=Path(out), seed=seed, scale=scale, twin=twin, files=len(files),
        megabytes=round(sum(p.stat().st_size for p in files) / 1e6, 1), tickets=len(tickets),
        valid_2024=int((tickets.counted & tickets.in_2024).sum()), events=len(log.ticket),
        cells=len(city.cells),
        truth_rows=len(truth), seconds=round(time.perf_counter() - began, 2),
        golden={} if twin else GOLDEN_TICKETS,
    )  # fmt: skip


def _write_truth(path: Path, truth: list[Truth]) -> None:
    columns: dict[str, write.Column] = {
        name: write.text([getattr(row, name) for row in truth])
        for name in ("event_id", "kind", "rules", "scope", "starts", "ends", "note")
    }
    write.csv(path, write.table(columns))
