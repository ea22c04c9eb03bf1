"""Figures through the real SQL: the oracles of timeliness and volume, equal age, and what a source cannot support."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse.figures import add_values
from warehouse.measures import measures
from warehouse.periods import Period, compare
from warehouse.problems import Problems
from warehouse.query import Filters
from warehouse.viewer import Viewer

TABLES = {base for m in measures().values() for base in (m.base, m.denominator_base) if base}
ANALYST = Viewer.of("analyst")
MARCH = Period("now", date(2025, 3, 1), date(2025, 4, 1), datetime(2025, 3, 31, 8, 30))


def value(little: LittleHome, measure: str, period: Period = MARCH, where: Filters | None = None) -> dict[str, Any]:
    frame = add_values(little.reader().figures([measure], ANALYST, [period], where=where), [measure])
    assert len(frame) == 1
    row: dict[str, Any] = frame.iloc[0].to_dict()
    return row


def test_timeliness_strict_and_matured(little: LittleHome) -> None:
    start = datetime(2025, 3, 3)
    hour = timedelta(hours=1)
    on_time = [ticket(n, start, feedback_at=start + 24 * hour) for n in range(80)]
    late = [ticket(n, start, feedback_at=start + 25 * hour) for n in range(80, 90)]
    not_due = [ticket(n, little.as_of - 2 * hour) for n in range(90, 100)]
    little.load("ticket", [*on_time, *late, *not_due])
    little.build()
    strict, matured = value(little, "M03"), value(little, "M04")
    assert (strict["M03"], strict["M03_n"]) == (0.8, 100)
    assert (round(matured["M04"], 3), matured["M04_n"]) == (0.889, 90)
    assert value(little, "M22")["M22"] == pytest.approx(0.1)
    assert value(little, "M24")["M24"] == 10
    assert value(little, "M22_OPEN")["M22_OPEN"] == 0


@pytest.mark.deep
def test_where_no_time_is_known_none_are_in_time(little: LittleHome) -> None:
    """A department whose tickets all wait: 0 of 3 and not missing, in every count and rate."""
    waiting = [ticket(n, little.as_of - timedelta(hours=1), owner_dept="PARTNER") for n in range(3)]
    done = ticket(9, datetime(2025, 3, 3), feedback_at=datetime(2025, 3, 3, 5))
    little.load("ticket", [*waiting, done])
    little.build()
    ids = [i for i, m in measures().items() if m.base == "mart_ticket" and m.kind in ("count", "rate", "per_10k")]
    found = little.reader().figures(ids, ANALYST, [MARCH], ["owner_dept"]).set_index("owner_dept").loc["PARTNER"]
    shared = [i for i in ids if measures()[i].denominator_base is None]
    assert found[[f"{i}_{part}" for i in shared for part in ("num", "den")]].notna().all()
    assert (found["M03_num"], found["M03_den"], found["M04_den"], found["M24_num"]) == (0, 3, 0, 3)


def test_complaints_per_ten_thousand_users_of_a_month(little: LittleHome) -> None:
    rows = [ticket(n, datetime(2025, 2, 1) + timedelta(minutes=n)) for n in range(2010)]
    little.load("ticket", rows)
    month = {"period_month": date(2025, 2, 1), "region_code": "321002"}
    little.load("users", [{**month, "users_begin": 3_000_000, "users_end": 3_020_000}])
    little.build()
    february = compare("month", little.as_of).now
    found = value(little, "M02", february)
    assert round(found["M02"], 2) == 6.68
    assert found["M02_n"] == 2010
    # A week of the same density is scaled to the month: 2010 tickets in a quarter of it.
    week = Period("w", date(2025, 2, 1), date(2025, 2, 8), little.as_of)
    assert value(little, "M02", week)["M02"] == pytest.approx(4 * 2010 / 301)


@pytest.mark.deep
def test_users_of_other_districts_are_not_counted_in(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, datetime(2025, 2, 2)), ticket(2, datetime(2025, 2, 2), region_code="321003")])
    month = {"period_month": date(2025, 2, 1), "users_begin": 10_000, "users_end": 10_000}
    little.load("users", [{**month, "region_code": r} for r in ("321002", "321003")])
    little.build()
    february = compare("month", little.as_of).now
    assert value(little, "M02", february)["M02"] == pytest.approx(1)
    assert value(little, "M02", february, Filters.of({"region_code": ["321003"]}))["M02"] == pytest.approx(1)
    frame = little.reader().figures(["M02"], Viewer.of("analyst", frozenset({"321002"})), [february])
    assert frame[["M02_num", "M02_den"]].to_numpy().tolist() == [[1, pytest.approx(10_000)]]
    by_type = little.reader().figures(["M02"], ANALYST, [february], by=["type_l1"])
    assert by_type["M02_den"].tolist() == [pytest.approx(20_000)]


def test_periods_of_equal_age_are_compared(little: LittleHome) -> None:
    """What was answered after the same hour of the week before counts as open there."""
    both = compare("wtd", datetime(2025, 3, 19, 12))
    this, last = datetime(2025, 3, 17, 9), datetime(2025, 3, 10, 9)
    answered = {"feedback_at": last + timedelta(hours=60), "is_solved": True}
    rows = [
        ticket("now", this, feedback_at=this + timedelta(hours=10), is_solved=True),
        ticket("late answer", last, **answered),
        ticket("early answer", last, feedback_at=last + timedelta(hours=10), is_solved=True),
        ticket("accepted later in the week", last + timedelta(days=4)),
    ]
    little.as_of = datetime(2025, 3, 19, 12)
    little.load("ticket", rows)
    little.build()
    ids = ["M01", "M03", "M04", "M06", "M07", "M22", "M24"]
    frame = little.reader().figures(ids, ANALYST, [both.now, both.before]).set_index("period")
    told = add_values(frame, ids).loc["before"]
    assert told["M01"] == 2, "the ticket of Friday was not there on Wednesday noon"
    assert (told["M03"], told["M07"], told["M22"]) == (0.5, 0.5, 0.5)
    assert (told["M04"], told["M04_n"]) == (0.5, 2)
    assert (told["M06"], told["M06_n"]) == (10, 1)
    assert told["M24"] == 1
    # A week later the answer is known.
    later = Period("later", both.before.first, both.before.end, both.now.cutoff)
    assert value(little, "M07", later)["M07"] == 1.0


def test_the_instant_of_the_cutoff_belongs_to_the_period(little: LittleHome) -> None:
    start = datetime(2025, 3, 3, 9)
    rows = [ticket(n, start, feedback_at=start + timedelta(seconds=n)) for n in range(3)]
    little.load("ticket", rows)
    little.build()
    at = Period("at", date(2025, 3, 3), date(2025, 3, 4), start + timedelta(seconds=1))
    assert value(little, "M24", at)["M24"] == 1
    assert value(little, "M06", at)["M06_n"] == 2
    assert value(little, "M01", Period("at", at.first, at.end, start))["M01"] == 3


def test_filters_narrow_and_an_empty_one_does_not(varied: LittleHome) -> None:
    reader = varied.reader()
    whole = reader.figures(["M01"], ANALYST, [MARCH])["M01_num"].iloc[0]
    parts = [
        reader.figures(["M01"], ANALYST, [MARCH], where=Filters.of({"region_code": [r]}))["M01_num"].iloc[0]
        for r in ("321002", "321003", "321023")
    ]
    assert sum(parts) == whole
    assert Filters.of({"region_code": []}) == Filters()
    some = Filters.of({"type_l1": ["NET"]}).with_(region_code=["321002"])
    assert some.without("type_l1") == Filters.of({"region_code": ["321002"]})


def test_values_are_parameters_and_never_sql(varied: LittleHome) -> None:
    nasty = Filters.of({"region_code": ["x' or 1=1 --", "'; drop view mart_ticket; --"]})
    reader = varied.reader()
    assert reader.figures(["M01"], ANALYST, [MARCH], where=nasty)["M01_num"].tolist() == [0]
    assert reader.figures(["M01"], ANALYST, [MARCH], by=["region_code"], where=nasty).empty
    odd = Period("x'); drop view mart_ticket; --", MARCH.first, MARCH.end, MARCH.cutoff)
    assert reader.figures(["M01"], ANALYST, [odd])["period"].tolist() == [odd.id]


def test_what_is_no_dimension_is_refused(varied: LittleHome) -> None:
    reader = varied.reader()
    for by, where in ((["cust_key"], {}), ([], {"cust_key": ["k"]}), (["1; select 2"], {})):
        with pytest.raises(Problems, match="is not a dimension"):
            reader.figures(["M01"], ANALYST, [MARCH], by=by, where=Filters.of(where))
    with pytest.raises(Problems) as caught:
        reader.figures(["X01"], ANALYST, [MARCH], by=["type_l1"])
    assert str(caught.value) == ("X01: cannot be grouped by 'type_l1'; fact_experience_rating has no such column.")
    with pytest.raises(Problems, match="sort by a column that is shown"):
        reader.rows(ANALYST, MARCH, Filters(), 0, 5, order="summary_scrubbed")


def test_no_measures_asked_no_rows(varied: LittleHome) -> None:
    assert list(varied.reader().figures([], ANALYST, [MARCH])) == ["period", "is_small"]


# By turns; the deep run asks all.
@pytest.mark.parametrize(
    "measure", [pytest.param(m, marks=[pytest.mark.deep] if n % 3 else []) for n, m in enumerate(sorted(measures()))]
)
def test_every_measure_can_be_asked_grouped_and_shown_as_sql(varied: LittleHome, measure: str) -> None:
    reader = varied.reader()
    frame = add_values(reader.figures([measure], ANALYST, [MARCH]), [measure])
    assert {"period", measure, f"{measure}_n", f"{measure}_num", f"{measure}_den"} <= set(frame)
    sql = reader.sql(measure)
    assert measures()[measure].numerator in sql
    assert "?" in sql
    assert "2025" not in sql


def test_what_a_source_lacks_is_named(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, datetime(2025, 3, 3), cust_key=None)])
    little.build()
    reader = little.reader()
    assert reader.missing_for("M01") == []
    assert reader.missing_for("M02") == ["mart_user_day"]
    assert reader.missing_for("M07") == ["is_solved"]
    assert reader.missing_for("M09") == ["answer_code"]
    assert reader.missing_for("M14") == ["cust_key"]
    assert reader.missing_for("V01") == ["fact_survey"]


def test_rows_are_paged_without_gaps(varied: LittleHome) -> None:
    reader = varied.reader()
    whole, n = reader.rows(ANALYST, MARCH, Filters(), 0, 1000)
    pages = [reader.rows(ANALYST, MARCH, Filters(), p, 25)[0] for p in range(n // 25 + 1)]
    assert [i for page in pages for i in page["ticket_id"]] == whole["ticket_id"].tolist()
    assert whole["accepted_at"].is_monotonic_decreasing
    counted = reader.figures(["M01"], ANALYST, [MARCH])["M01_num"].iloc[0]
    assert n == counted == len(whole)
    assert reader.rows(ANALYST, MARCH, Filters(), -3, 25)[0].equals(pages[0])
    assert reader.rows(ANALYST, MARCH, Filters(), 10_000, 25)[0].empty


def test_a_release_says_what_it_is(varied: LittleHome) -> None:
    reader = varied.reader()
    assert reader.info["as_of"] == varied.as_of
    assert reader.info["workspace_id"] == "yangzhou-demo"
    assert "state" not in reader.info
    assert set(reader.about("release_table")["table_name"]) == set(reader.levels)
    asked = reader.about("release_check")
    assert len(asked) and (asked.loc[~asked["is_warning"].astype(bool), "n_shown"] == 0).all()
    assert reader.filled("no_such_table") == frozenset()


def test_a_period_without_tickets_counts_nothing_and_has_no_rate(varied: LittleHome) -> None:
    long_ago = Period("before", date(2015, 1, 1), date(2015, 2, 1), datetime(2015, 2, 1))
    frame = add_values(varied.reader().figures(["M01", "M07"], ANALYST, [long_ago]), ["M01", "M07"])
    assert frame["M01"].tolist() == [0]
    assert frame["M07"].isna().all(), "a base of 0 gives no rate"
