"""Tables that no select can make: clusters, and what hangs on them. Which there are, and what they are made from.

A step takes published tables and gives tables named `made_*`; models select from these like from any other, so that
grain, classes and types stand where those of all tables stand. Steps run beside the file of the release, whichever
engine runs the models. See docs/decisions/0019.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One computation. `version` goes up when its code gives other rows; releases made before are then made anew."""

    name: str
    version: int
    tables: tuple[str, ...]
    inputs: frozenset[str]


HOTSPOTS = Step(
    name="hotspots",
    version=3,
    tables=(
        "made_hotspot",
        "made_hotspot_cell",
        "made_hotspot_cause",
        "made_hotspot_ticket",
        "made_hotspot_grid",
        "made_grid_week",
        "made_gi",
    ),
    inputs=frozenset(
        {
            "run", "seed_hotspot", "dim_region", "dim_place", "dim_cell", "fact_ticket", "fact_alarm",
            "fact_change_event", "fact_cell_kpi_1d", "fact_mr_grid_d", "fact_demarcation", "fact_onsite_test",
        }
    ),
)  # fmt: skip
STEPS = (HOTSPOTS,)
BY_TABLE = {table: step for step in STEPS for table in step.tables}


def behind(inputs: frozenset[str]) -> frozenset[str]:
    """What the made tables among some inputs are made from."""
    return frozenset[str]().union(*(BY_TABLE[name].inputs for name in inputs if name in BY_TABLE))
