"""The same rows as another file: GB18030 against UTF-8, a workbook against fastexcel alone."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import xlsxwriter

from bench import kpi_file
from bench.measure import Cost, Ratio, alternate, ratio, run
from bench.results import Figure
from etl.contract import SHIPPED

ROWS, SHEET_ROWS, DAYS, ROUNDS = 2_000_000, 150_000, 3, 3
PEAK_MIB = 2048


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """Both figures. The files are written into `folder` once."""
    cells = kpi_file.cells_for(ROWS, DAYS)
    plain = folder / f"小区性能_小时_202407_{cells}.csv"
    if not plain.exists():
        say(f"writing {plain.name}")
        kpi_file.write_days(plain, cells, kpi_file.FIRST_DAY, DAYS)
    return [_gb18030(folder, plain, say), _sheet(folder, plain, say)]


def _gb18030(folder: Path, plain: Path, say: Callable[[str], None]) -> Figure:
    other = folder / f"{plain.stem}_gb18030.csv"
    if not other.exists():
        with plain.open(encoding="utf-8") as source, other.open("w", encoding="gb18030") as out:
            shutil.copyfileobj(source, out, 1 << 20)
    changes = {'encoding = "utf-8"': 'encoding = "gb18030"'}
    costs: list[Cost] = []

    def ours() -> float:
        costs.append(_load(folder, other, changes, say))
        return costs[-1].cpu_s

    found = ratio(alternate(ours, lambda: _load(folder, plain, {}, say).cpu_s, ROUNDS))
    return _figure("gb18030", "CPU of a GB18030 file ÷ the same in UTF-8", found, 1.5, costs)


def _sheet(folder: Path, plain: Path, say: Callable[[str], None]) -> Figure:
    book = folder / f"小区性能_小时_{SHEET_ROWS}.xlsx"
    if not book.exists():
        say(f"writing {book.name}")
        _write_book(plain, book)
    changes = {'.csv"': '.xlsx"', '"csv"': '"xlsx"', 'capture = "(?P<month>[0-9]{6})"\nfile_on = "month"\n': ""}
    costs: list[Cost] = []

    def ours() -> float:
        costs.append(_load(folder, book, changes, say))
        return costs[-1].cpu_s

    found = ratio(alternate(ours, lambda: run(["-m", "bench.floor_sheet", str(book)]).cpu_s, ROUNDS))
    return _figure("sheet", f"CPU of a workbook of {SHEET_ROWS:,} rows × 30 ÷ fastexcel alone", found, 2, costs)


def _figure(name: str, what: str, found: Ratio, goal: float, costs: list[Cost]) -> Figure:
    peak = max(cost.peak_mib for cost in costs)
    is_met = found.value <= goal and peak <= PEAK_MIB
    return Figure(name, what, found, f"≤ {goal:g}", is_met, "CPU s", f"peak {peak:,.0f} MiB")


def _load(folder: Path, path: Path, changes: dict[str, str], say: Callable[[str], None]) -> Cost:
    """Load one file into an empty home whose contract for it has these words changed."""
    home = folder / "home_formats"
    shutil.rmtree(home, ignore_errors=True)
    run(["-m", "etl", "init", "demo"], {"LOOKOUT_HOME": str(home)})
    text = (SHIPPED / "demo_kpi_hour.toml").read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    contracts = home / "contracts"
    contracts.mkdir(exist_ok=True)
    (contracts / "demo_kpi_hour.toml").write_text(text, encoding="utf-8")
    cost = run(["-m", "etl", "load", str(path)], {"LOOKOUT_HOME": str(home)})
    say(f"load {path.name}: {cost.cpu_s:.1f} CPU s, {cost.wall_s:.1f} s, {cost.peak_mib:,.0f} MiB")
    return cost


def _write_book(plain: Path, book: Path) -> None:
    with plain.open(encoding="utf-8") as source, xlsxwriter.Workbook(book) as target:
        sheet = target.add_worksheet()
        for at, row in enumerate(islice(csv.reader(source), SHEET_ROWS + 1)):
            texts = row if at == 0 else row[:2]
            sheet.write_row(at, 0, texts)
            for column, value in enumerate(row[len(texts) :], start=len(texts)):
                if value:
                    sheet.write_number(at, column, float(value))
