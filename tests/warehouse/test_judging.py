"""Judging on demand says what the mart says, and both what the measures say."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from warehouse.analysis.survival import open_share, share_at
from warehouse.figures import add_values
from warehouse.judging import BY, STATES, _from_mart, _on_demand, closings, fits, judged, least_customers, with_rates
from warehouse.periods import Period, compare
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.viewer import Viewer

ANALYST = Viewer.of("analyst")
KEYS = ["policy_id", "stage", "is_in_force", *BY]


def period(reader: Reader, first: date, end: date) -> Period:
    return Period("now", first, end, reader.info["as_of"])


@pytest.mark.parametrize(
    ("first", "end"),
    [
        (date(2025, 3, 24), date(2025, 3, 31)),
        (date(2025, 2, 1), date(2025, 3, 1)),
        (date(2024, 12, 30), date(2025, 3, 1)),
        (date(2024, 1, 1), date(2024, 4, 1)),
    ],
)
@pytest.mark.parametrize("where", [{}, {"type_l1": ["NET", "BIZ"], "priority": ["P1"]}, {"owner_dept": ["BIL"]}])
def test_the_mart_and_the_select_on_demand_agree(
    demo_reader: Reader, first: date, end: date, where: dict[str, list[str]]
) -> None:
    now, chosen = period(demo_reader, first, end), Filters.of(where)
    assert fits(now, chosen)
    a, b = (
        f(demo_reader, ANALYST, now, chosen).sort_values(KEYS).reset_index(drop=True) for f in (_from_mart, _on_demand)
    )
    assert len(a) > 10
    pd.testing.assert_frame_equal(a, b, check_dtype=False)


@pytest.mark.parametrize("kind", ["yesterday", "week", "mtd", "month", "weeks13", "year", "all"])
def test_both_timelinesses_are_those_of_the_measures(demo_reader: Reader, kind: str) -> None:
    now = compare(kind, demo_reader.info["as_of"], date(2024, 1, 1)).now  # type: ignore[arg-type]
    told = with_rates(judged(demo_reader, ANALYST, now, Filters(), in_force=True)).set_index("stage").loc["FBK"]
    measured = add_values(demo_reader.figures(["M03", "M04"], ANALYST, [now]), ["M03", "M04"]).iloc[0]
    assert (told["strict"], told["matured"]) == (pytest.approx(measured["M03"]), pytest.approx(measured["M04"]))
    assert (told["n"], told["matured_n"]) == (measured["M03_n"], measured["M04_n"])
    assert told["strict_low"] < told["strict"] < told["strict_high"] or told["strict"] in (0, 1)


def test_a_stages_rate_is_the_measure(demo_reader: Reader) -> None:
    now = compare("week", demo_reader.info["as_of"]).now
    measured = add_values(demo_reader.figures(["M05"], ANALYST, [now], ["stage"]), ["M05"]).set_index("stage")
    assert len(measured) >= 8
    on_demand = _on_demand(demo_reader, ANALYST, now, Filters()).groupby("stage")[["M05_num", "M05_den"]].sum()
    told = with_rates(judged(demo_reader, ANALYST, now, Filters(), in_force=True)).set_index("stage")
    for stage in told.index:
        assert tuple(on_demand.loc[stage]) == tuple(measured.loc[stage, ["M05_num", "M05_den"]])
        assert told.loc[stage, "M05"] == measured.loc[stage, "M05"] == told.loc[stage, "matured"]
    what_if = judged(demo_reader, ANALYST, now, Filters(), policies=["CODE-3"])
    assert what_if["n"].sum() > 0 == what_if["M05_den"].sum(), "only rules in force have it"


@pytest.mark.parametrize("dimension", ["type_l1", "owner_dept", "region_code"])
def test_groups_are_those_of_the_measures(demo_reader: Reader, dimension: str) -> None:
    now = period(demo_reader, date(2025, 3, 1), date(2025, 3, 29))
    assert not fits(now, Filters()), "a Saturday ends neither a week nor a month"
    told = judged(demo_reader, ANALYST, now, Filters(), by=[dimension], in_force=True)
    told = told[told["stage"] == "FBK"].set_index(dimension)
    measured = demo_reader.figures(["M03"], ANALYST, [now], [dimension]).set_index(dimension)
    assert told["n"].to_dict() == measured["M03_den"].to_dict()
    assert told["n_on_time"].to_dict() == measured["M03_num"].fillna(0).to_dict(), "no result yet is none kept"


def test_filters_beyond_the_lattice_are_judged_on_demand(demo_reader: Reader) -> None:
    now = compare("week", demo_reader.info["as_of"]).now
    where = Filters.of({"channel_code": ["APP"]})
    assert not fits(now, where)
    told = judged(demo_reader, ANALYST, now, where, in_force=True).set_index("stage").loc["FBK"]
    [measured] = demo_reader.figures(["M03"], ANALYST, [now], (), where)["M03_den"]
    assert 0 < told["n"] == measured


def test_a_days_tickets_and_the_rest_of_the_week_are_the_week(demo_reader: Reader) -> None:
    first = date(2025, 3, 24)
    whole = judged(demo_reader, ANALYST, period(demo_reader, first, first + timedelta(7)), Filters())
    days = [period(demo_reader, first + timedelta(n), first + timedelta(n + 1)) for n in range(7)]
    parts = pd.concat([judged(demo_reader, ANALYST, p, Filters()) for p in days])
    counted = [column for column in whole if column not in ("policy_id", "stage")]
    assert {"n", *STATES} <= set(counted)
    summed = parts.groupby(["policy_id", "stage"], as_index=False)[counted].sum()
    pd.testing.assert_frame_equal(whole, summed, check_dtype=False)


def test_a_shorter_limit_is_never_kept_more_often(demo_reader: Reader) -> None:
    """Oracle 17 in every week and district: 24 hours below 48, 48 below 72, for all types."""
    now = period(demo_reader, date(2024, 1, 1), date(2025, 1, 1))
    told = judged(demo_reader, ANALYST, now, Filters(), by=["type_l1"])
    kept = told[told["stage"] == "FBK"].pivot(index="type_l1", columns="policy_id", values="n_on_time")
    assert (kept["CITY-2025"] < kept["CITY-2024"]).all()
    assert (kept["STRETCH"] <= kept["CITY-2025"]).all()
    assert (kept["CODE-7A"] <= kept["CODE-7"]).all()
    assert (kept["CODE-7"] <= kept["REG-FLOOR"]).all()


def test_a_restricted_viewer_is_judged_within_his_scope(demo_reader: Reader) -> None:
    now = compare("weeks13", demo_reader.info["as_of"]).now
    mine = Viewer.of("handler", departments=frozenset({"BIL"}))
    for where in (Filters(), Filters.of({"channel_code": ["APP"]})):
        told = judged(demo_reader, mine, now, where, by=["owner_dept"])
        assert set(told["owner_dept"]) == {"BIL"}
    nobody = Viewer.of("handler", departments=frozenset())
    assert judged(demo_reader, nobody, now, Filters()).empty
    with pytest.raises(NotAllowed):
        judged(demo_reader, Viewer.of("manager"), now, Filters.of({"channel_code": ["APP"]}))


def test_closings_are_the_tickets_of_the_period(demo_reader: Reader) -> None:
    now = compare("weeks13", demo_reader.info["as_of"]).now
    told = closings(demo_reader, ANALYST, now, Filters(), 384)
    [n] = demo_reader.figures(["M01"], ANALYST, [now])["M01_num"]
    assert told[["n_closed", "n_open"]].sum().sum() == n
    curve = open_share(told.groupby("hour", as_index=False)[["n_closed", "n_open"]].sum())
    row = add_values(demo_reader.figures(["M06_P50"], ANALYST, [now]), ["M06_P50"]).iloc[0]
    below = share_at(curve, int(row["M06_P50"]))
    above = share_at(curve, int(row["M06_P50"]) + 1)
    assert below is not None and above is not None
    assert above <= 0.52 and below >= 0.48, "half of them are done at the median"


def test_the_least_number_of_customers() -> None:
    told = least_customers(pd.Series([10, 4, 90]), pd.Series([100, 100, 100]), pd.Series([94, 94, 94]))
    assert told.tolist() == [4, -2, 84], "six tickets are second ones, and may all be among the ten"
