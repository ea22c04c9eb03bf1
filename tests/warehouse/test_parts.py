"""Months and days as names of partitions."""

from __future__ import annotations

from warehouse.parts import around, days, months, touching


def test_a_month_names_all_its_days_and_a_day_its_month() -> None:
    assert days(["2024-02"]) == {f"2024-02-{day:02d}" for day in range(1, 30)}
    assert months(["2024-02-29", "2024-02-01", "2024-03"]) == {"2024-02", "2024-03"}


def test_what_is_neither_stays() -> None:
    odd = {"p", "", "2024-13", "2024-02-3", "2024"}
    assert days(odd) == months(odd) == touching(odd) == odd


def test_a_day_touches_itself_and_its_month_but_not_the_days_beside_it() -> None:
    assert touching(["2025-03-31"]) == {"2025-03-31", "2025-03"}
    assert touching(["2025-03"]) == {"2025-03"} | days(["2025-03"])


def test_days_around_a_day_or_a_month_cross_its_ends() -> None:
    assert around(["2025-02-28"], 1, 2) == {"2025-02-27", "2025-02-28", "2025-03-01", "2025-03-02"}
    assert around(["2025-02"], 1, 1) == {"2025-01-31", *days(["2025-02"]), "2025-03-01"}
    assert around(["", "p"], 3, 3) == {"", "p"}
