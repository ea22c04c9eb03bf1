"""What customers met before they complained (M34, M41, M42, M59), by hand: only whole days, each month's bills."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse import staffing
from warehouse.figures import add_values
from warehouse.periods import Period, compare
from warehouse.query import Filters
from warehouse.viewer import Viewer

TABLES = ("mart_ai_day", "mart_biz_day", "mart_call_hour", "mart_bill_day", "mart_ticket")
pytestmark = pytest.mark.deep
ANALYST = Viewer.of("analyst")
DAY = date(2025, 3, 24)


def asked(little: LittleHome, measure: str, by: tuple[str, ...] = (), where: Filters | None = None) -> Any:
    week = compare("week", little.as_of).now
    return add_values(little.reader().figures([measure], ANALYST, [week], by, where), [measure])


def test_answers_of_the_automatic_service(little: LittleHome) -> None:
    def row(day: date, topic: str, *n: int) -> dict[str, Any]:
        names = ("n_sessions", "n_contained", "n_handed_over", "n_sampled", "n_correct")
        return {"session_on": day, "topic": topic, **dict(zip(names, n, strict=True))}

    rows = [row(DAY, "a", 100, 80, 20, 10, 9), row(DAY + timedelta(6), "b", 50, 10, 40, 10, 6)]
    little.load("ai_session", [*rows, row(DAY - timedelta(1), "a", 999, 0, 999, 9, 0)])
    little.build()
    [right] = asked(little, "M34").to_dict("records")
    assert (right["M34"], right["M34_n"]) == (0.75, 20)
    [kept] = asked(little, "M34_KEPT").to_dict("records")
    assert (kept["M34_KEPT"], kept["M34_KEPT_n"]) == (0.6, 150)
    by = asked(little, "M34", ("topic",)).set_index("topic")["M34"]
    assert by.to_dict() == {"a": 0.9, "b": 0.6}


def test_operations_by_channel_and_by_the_district_of_the_hall(little: LittleHome) -> None:
    little.load("hall", [{"hall_id": "H1", "hall_name": "one", "region_code": "321002"}])
    rows = [
        {"op_on": DAY, "op_name": "x", "channel_code": c, "hall_id": h, "n_attempts": n, "n_success": k}
        for c, h, n, k in (("HALL", "H1", 40, 30), ("HALL", "H9", 20, 20), ("APP", None, 100, 99))
    ]
    little.load("biz_op", rows)
    little.build()
    [whole] = asked(little, "M41").to_dict("records")
    assert (whole["M41_num"], whole["M41_n"]) == (149, 160)
    [here] = asked(little, "M41", where=Filters.of({"region_code": ["321002"]})).to_dict("records")
    assert (here["M41"], here["M41_n"]) == (0.75, 40), "an app has no district, a hall nobody knows neither"
    assert asked(little, "M41", ("channel_code",)).set_index("channel_code")["M41"]["APP"] == 0.99


def test_a_day_that_is_not_over_does_not_count(little: LittleHome) -> None:
    rows = [
        {"worked_on": day, "hour_of_day": 9, "team_name": "t", "n_planned": 1, "n_present": 1, "n_calls": n,
         "n_answered_15s": k}
        for day, n, k in ((date(2025, 3, 29), 100, 90), (date(2025, 3, 30), 100, 80), (date(2025, 3, 31), 50, 1))
    ]  # fmt: skip
    little.load("staffing", rows)
    little.build()
    reader = little.reader()

    def told(cutoff: datetime) -> tuple[float, float]:
        span = Period("now", date(2025, 3, 29), date(2025, 4, 1), cutoff)
        [row] = add_values(reader.figures(["M59"], ANALYST, [span]), ["M59"]).to_dict("records")
        return row["M59_num"], row["M59_n"]

    assert told(little.as_of) == (170, 200)
    assert told(datetime(2025, 3, 30, 23, 59)) == (90, 100)
    assert told(datetime.combine(date(2025, 4, 1), time())) == (171, 250)
    assert told(datetime(2025, 3, 29)) == (0, 0)
    days = staffing.days(reader, date(2025, 3, 29), date(2025, 4, 1))[["n_answered_15s", "n_calls"]].sum()
    assert tuple(days) == told(datetime.combine(date(2025, 4, 1), time())), "the review counts the same calls"


def test_billing_errors_per_ten_thousand_bills(little: LittleHome) -> None:
    """31,000 bills of March are 1,000 a day; two packages of a month add up; April takes those of March."""
    bills = [
        {"period_month": month, "region_code": "321002", "package_code": p, "n_bills": n, "n_checked": 0, "n_errors": 0}
        for month, p, n in ((date(2025, 2, 1), "A", 280_000), (date(2025, 3, 1), "A", 30_000),
                            (date(2025, 3, 1), "B", 1_000))
    ]  # fmt: skip
    little.load("bill", bills)
    at = datetime.combine(DAY, time(10))
    wrong = [ticket(n, at, type_code="TAR02", region_code="321002") for n in range(7)]
    little.load("ticket", [*wrong, *(ticket(n, at, type_code="TAR01", region_code="321002") for n in range(7, 20))])
    little.build()
    [week] = asked(little, "M42").to_dict("records")
    assert (week["M42_num"], week["M42_den"]) == (7, pytest.approx(7_000))
    assert week["M42"] == pytest.approx(10.0)
    days = {str(r["date_on"])[:10]: r["bills"] for r in little.rows("select * from mart_bill_day")}
    assert days["2025-02-28"] == pytest.approx(10_000) and max(days) == "2025-03-31" and min(days) == "2025-02-01"
