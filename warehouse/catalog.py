"""Models and checks on disk: their grain, classes, slices and order. Running them is the engines' business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from warehouse import made
from warehouse.problems import Problem, Problems

ROOT = Path(__file__).parent
LAYERS = ("staging", "dims", "facts", "marts")
BY_MONTH, BY_DAY = " by month", " by day"
GROWS = "grows"
_REFERENCE = re.compile(r"\b(?:from|join)\s+([a-z][a-z0-9_]*)", re.IGNORECASE)
_CTE = re.compile(
    r"(?:^with(?:\s+recursive)?|,)\s*(?:--[^\n]*\n)*\s*([a-z][a-z0-9_]*)\s+as\s*\(", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True)
class Model:
    """One `.sql` file: one select that becomes the table of the same name."""

    name: str
    layer: str
    grain: str
    sql: str
    level: str
    exceptions: dict[str, str]
    slice_column: str | None
    key_column: str | None  # where the slice's value stands: "-- Slice: ticket_id as chain_id"
    open_when: str | None
    inputs: frozenset[str]
    grows: bool = False
    is_by_month: bool = False
    is_by_day: bool = False
    reach_days: int = 0  # a row also depends on rows of its sliced inputs of so many days before
    stays_in_lake: bool = False
    kept_by: str | None = None  # the order of rows on disk, so that a period is read where it lies
    sums: tuple[str, ...] = ()  # columns that add up over tickets, when all others are what it groups by

    @property
    def is_published(self) -> bool:
        """Staging exists only while a release is built, and so does what is too long for one."""
        return self.layer != "staging" and not self.stays_in_lake

    def class_of(self, column: str) -> str:
        """Column class L1, L2 or L3 (domain reference 3.6)."""
        return self.exceptions.get(column, self.level)


@dataclass(frozen=True)
class Check:
    """A sentence that must hold; rows returned by its select are failures."""

    name: str
    sentence: str
    sql: str
    is_warning: bool
    slice_column: str | None
    inputs: frozenset[str]


@cache
def models() -> dict[str, Model]:
    """All models in an order in which each one's inputs come first. Raises `Problems` on a fault in a file."""
    faults: list[Problem] = []
    found: dict[str, Model] = {}
    for layer in LAYERS:
        for path in sorted((ROOT / "models" / layer).glob("*.sql")):
            sql = path.read_text(encoding="utf-8")
            first = sql.splitlines()[0] if sql else ""
            if not first.startswith("-- One row per "):
                faults.append(Problem(str(path), f"begins {first!r}", 'begin with "-- One row per <grain>."'))
            level, exceptions = _classes(sql)
            sliced_by, _, key_column = (
                (_header(sql, "Slice") or "").removesuffix(BY_MONTH).removesuffix(BY_DAY).partition(" as ")
            )
            if level is None:
                faults.append(Problem(str(path), "names no column class", 'add a line "-- Class: L1" (or L2, L3)'))
            found[path.stem] = Model(
                name=path.stem,
                layer=layer,
                grain=first.removeprefix("-- ").rstrip("."),
                sql=sql,
                level=level or "L3",
                exceptions=exceptions,
                slice_column=None if sliced_by in ("", GROWS) else sliced_by,
                key_column=key_column or sliced_by or None,
                grows=sliced_by == GROWS,
                open_when=_header(sql, "Open"),
                inputs=references(sql) - {path.stem},
                is_by_month=(_header(sql, "Slice") or "").endswith(BY_MONTH),
                is_by_day=(_header(sql, "Slice") or "").endswith(BY_DAY),
                reach_days=int((_header(sql, "Reaches") or "0").removesuffix(" days")),
                stays_in_lake=_header(sql, "Stays in the lake") is not None,
                kept_by=_header(sql, "Order"),
                sums=tuple(re.findall(r"\w+", ",".join(re.findall(r"^-- Sums: (.+)$", sql, re.MULTILINE)))),
            )
    if faults:
        raise Problems(faults)
    needs = {n: (m.inputs | made.behind(m.inputs)) & found.keys() for n, m in found.items()}
    order = TopologicalSorter(needs).static_order()
    return {name: found[name] for name in order}


@cache
def checks() -> list[Check]:
    """All checks by name."""
    found = []
    for path in sorted((ROOT / "checks").glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        sentence = sql.splitlines()[0].removeprefix("-- ")
        is_warning = _header(sql, "Severity") == "warning"
        found.append(Check(path.stem, sentence, sql, is_warning, _header(sql, "Slice"), references(sql)))
    return found


def references(sql: str) -> frozenset[str]:
    """Tables a select reads, its own common table expressions left out."""
    bare = re.sub(r"--[^\n]*", "", sql)
    return frozenset(_REFERENCE.findall(bare)) - frozenset(_CTE.findall(bare))


def _header(sql: str, key: str) -> str | None:
    found = re.search(rf"^-- {key}: (.+)$", sql, re.MULTILINE)
    return found.group(1).strip().rstrip(".") if found else None


def _classes(sql: str) -> tuple[str | None, dict[str, str]]:
    """`-- Class: L2; L3 lon, lat` gives ("L2", {"lon": "L3", "lat": "L3"})."""
    line = _header(sql, "Class")
    if line is None:
        return None, {}
    default, *rest = [part.strip() for part in line.split(";")]
    exceptions: dict[str, str] = {}
    for part in rest:
        level, _, columns = part.partition(" ")
        exceptions |= {c.strip(): level for c in columns.split(",")}
    return default, exceptions
