"""Day first or month first: every kind of evidence decides alone, and without any the question stays open."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.infer import draft
from etl.infer.times import clock_format, formats_of
from tests.etl.infer.making import text


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        ("2025-03-31 08:30:00", ("iso",)),
        ("2025/3/1 8:05", ("iso",)),
        ("2025-03-31T08:30:00+08:00", ("iso_offset",)),
        ("2025年3月31日 8时5分", ("%Y年%m月%d日 %H时%M分",)),
        ("31/03/2025 08:30", ("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M")),
        ("22-Apr-15", ("%d-%b-%y",)),
        ("3/31/2025 8:30:00 AM", ("%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p")),
        ("20250331083000", ("%Y%m%d%H%M%S",)),
        ("2019.12.14_10.16.30", ("%Y.%m.%d_%H.%M.%S",)),
        ("March 2025", ("%B %Y",)),
        ("202503", ("%Y%m",)),
        ("Monday, 3 March 2025", ("%A, %d %B %Y",)),
        ("hello", ()),
        ("1.5", ()),
    ],
)
def test_formats_of(written: str, formats: tuple[str, ...]) -> None:
    assert formats_of(written) == formats


@pytest.mark.parametrize(
    ("written", "form"), [("8:05", "%H:%M"), ("3:53:50 PM", "%I:%M:%S %p"), ("8.5", ""), ("x", "")]
)
def test_clock_format(written: str, form: str) -> None:
    assert clock_format(written) == form


# Each set of days alone would fit both orders.
CASES = {
    "order_by_column": ("t.csv", [(f"0{d}/06/2025", f"2025-06-0{d}") for d in (9, 2, 7, 4, 8, 3, 1, 5)]),
    "order_by_name": ("tickets_2025-06.csv", [(f"0{d}/06/2025", "") for d in (9, 2)]),
    "order_by_rows": ("t.csv", [(f"{d:02d}/{m:02d}/2025", "") for m in (5, 6, 7) for d in range(1, 12, 2)]),
    "order_by_closeness": ("t.csv", [(f"0{d}/06/2025", "") for d in (9, 2, 7, 4, 8, 3)]),
}


@pytest.mark.parametrize("code", CASES)
def test_evidence(code: str, tmp_path: Path) -> None:
    name, days = CASES[code]
    rows: list[list[object]] = [["Ticket", "Created", "Logged"]]
    rows += [[f"T{i}", day, other] for i, (day, other) in enumerate(days)]
    path = tmp_path / name
    path.write_bytes(text(rows))
    made = draft(path, table="ticket")
    given = made.contract.columns["accepted_at"]
    assert made.decisions == []
    if given.header == ["Created"]:
        assert (given.formats or made.contract.time.formats) == ["%d/%m/%Y"]
        assert code in {n.code for d in made.columns for n in d.notes}
    else:
        assert given.header == ["Logged"]


def test_both_orders_in_one_column_are_not_trusted(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Ticket", "Created"]]
    rows += [[f"T{i}", f"{i % 28 + 1:02d}/03/2025" if i % 2 else f"03/{i % 28 + 1:02d}/2025"] for i in range(60)]
    path = tmp_path / "t.csv"
    path.write_bytes(text(rows))
    assert "order_mixed" in {n.code for n in draft(path).decisions}
