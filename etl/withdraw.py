"""Taking a file back: first its rows stop counting, then they leave the lake. The register keeps what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from etl.register import Outcome, Register
from etl.sentences import withdrawn
from warehouse.lake import Lake
from warehouse.problems import Problem, Problems

SHORTEST_ID = 6
TABLES_OF_A_LOAD = ("quarantine", "unmapped_value")


def find(outcomes: list[Outcome], wanted: list[str]) -> list[Outcome]:
    """Loaded files by name or by the beginning of their id. Raises `Problems` with everything that is not clear."""
    faults: list[Problem] = []
    found: dict[str, Outcome] = {}
    held = [o for o in outcomes if o.state in ("loaded", "withdrawn")]
    for text in wanted:
        by_id = [o for o in held if len(text) >= SHORTEST_ID and o.file_id.startswith(text)]
        hits = [o for o in held if o.file_name == text] or by_id
        live = [o for o in hits if o.state == "loaded"] or hits
        if not live:
            faults.append(Problem(text, "no loaded file has this name or id", "look it up with `etl status --json`"))
        elif len(live) > 1:
            ids = ", ".join(o.file_id for o in live)
            faults.append(Problem(text, f"is the name of {len(live)} loaded files", f"give one of their ids: {ids}"))
        else:
            found[live[0].file_id] = live[0]
    if faults:
        raise Problems(faults)
    return list(found.values())


def withdraw(lake: Lake, files: list[Outcome], reason: str, withdrawn_at: datetime) -> list[Outcome]:
    """Make files count no longer and delete their rows. A withdrawal that was killed is finished by repeating it."""
    register = Register(lake)
    said = withdrawn(reason)
    taken = [
        replace(o, state="withdrawn", loaded_at=withdrawn_at, message=said.en, message_zh=said.zh, is_over_limit=False)
        for o in files
        if o.state == "loaded"
    ]
    register.add(taken)
    for outcome in files:
        for loaded_at in register.loads_of(outcome.file_id):
            for name in (outcome.target_table, *TABLES_OF_A_LOAD):
                if name is not None:
                    lake.withdraw(name, outcome.file_id, loaded_at)
    return taken or files
