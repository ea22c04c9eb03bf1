"""Loading: 20 M hourly counter rows into the lake against a bare parse; one new day against the whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from bench import kpi_file
from bench.measure import Cost, alternate, ratio, run
from bench.results import Figure

ROWS, QUICK_ROWS = 20_000_000, 1_000_000
# A day of a large city has 700,000 rows. The quick file keeps that order of size by having fewer days.
QUICK_DAYS = 3
ROUNDS, QUICK_ROUNDS = 3, 3
GOAL = 2.5


def measure(folder: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """Generate the files once into `folder`, then load and parse in turn. Raises `ChildFailed`."""
    return _Loads(folder, is_quick, say).ingest()


def measure_increment(folder: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """CPU of loading one day into a home that holds the month, as a share of loading the month."""
    return _Loads(folder, is_quick, say).increment()


class _Loads:
    def __init__(self, folder: Path, is_quick: bool, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        self.rows = QUICK_ROWS if is_quick else ROWS
        self.days = QUICK_DAYS if is_quick else kpi_file.DAYS
        self.rounds = QUICK_ROUNDS if is_quick else ROUNDS
        self.cells = kpi_file.cells_for(self.rows, self.days)
        self.month = self._file("小区性能_小时_202407.csv", kpi_file.FIRST_DAY, self.days)

    def ingest(self) -> list[Figure]:
        costs: list[Cost] = []

        def load() -> float:
            costs.append(self._load(self._fresh_home(), self.month))
            return costs[-1].cpu_s

        def parse() -> float:
            return run(["-m", "bench.floor_parse", str(self.month)]).cpu_s

        found = ratio(alternate(load, parse, self.rounds))
        note = f"{self.cells * 24 * self.days:,} rows, peak {max(c.peak_mib for c in costs):,.0f} MiB"
        name = "CPU of etl load ÷ bare typed parse"
        return [Figure("ingest", name, found, f"≤ {GOAL:g}", found.value <= GOAL, "CPU s", note)]

    def increment(self) -> list[Figure]:
        home = self._fresh_home()
        whole = self._load(home, self.month).cpu_s
        pairs = []
        for number in range(self.rounds):
            day = kpi_file.FIRST_DAY + timedelta(days=self.days + number)
            one_day = self._file(f"小区性能_小时_{day:%Y%m}_{day:%d}日.csv", day, 1)
            pairs.append((self._load(home, one_day).cpu_s, whole))
        found = ratio(pairs)
        note = f"days of {self.cells * 24:,} rows onto {self.days} days"
        name = "CPU of one new day ÷ the whole load"
        return [Figure("increment", name, found, "< 0.10", found.value < 0.10, "CPU s", note)]

    def _file(self, name: str, first: date, days: int) -> Path:
        path = self.folder / name
        mark = self.folder / f"{name}.{self.cells}x{days}"
        if not mark.exists():
            self.say(f"writing {name}: {self.cells * 24 * days:,} rows")
            kpi_file.write_days(path, self.cells, first, days)
            mark.touch()
        return path

    def _fresh_home(self) -> Path:
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        run(["-m", "etl", "init", "demo"], {"LOOKOUT_HOME": str(home)})
        return home

    def _load(self, home: Path, path: Path) -> Cost:
        cost = run(["-m", "etl", "load", str(path)], {"LOOKOUT_HOME": str(home)})
        self.say(f"load {path.name}: {cost.cpu_s:.1f} CPU s, {cost.wall_s:.1f} s, {cost.peak_mib:,.0f} MiB")
        return cost
