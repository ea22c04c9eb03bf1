"""The gate before a site: each condition alone keeps it shut, cheaper things first, a test where evidence is thin."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from warehouse import needs, worklist
from warehouse.hotspots.settings import defaults
from warehouse.needs import Around, Need
from warehouse.ops import open_ops
from warehouse.problems import Problems

RULES = defaults()
LAST = date(2025, 3, 24)
TRIED = dict.fromkeys(needs.CHEAPER, "tried")


def course(weeks: int, p_value: float = 1e-4) -> pd.DataFrame:
    starts = [LAST - timedelta(7 * back) for back in range(weeks - 1, -1, -1)]
    return pd.DataFrame({"week_start": pd.to_datetime(starts), "p_value": p_value, "n_customers": 8})


def causes(**verdicts: str) -> pd.DataFrame:
    rows = [{"figure": f, "verdict": v, "n": 9, "example": "COVERAGE" if f == "demarcation" else None}
            for f, v in verdicts.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["figure", "verdict", "n", "example"])


def spot(**changed: Any) -> SimpleNamespace:
    row = {"hotspot_id": "H2510-TEST", "week_start": pd.Timestamp(LAST), "cause": "weak_coverage", "is_urban": True,
           "n_customers": 24, "expected": 4.0, "window_days": 30}  # fmt: skip
    return SimpleNamespace(**{**row, **changed})


def need(
    weeks: int = 6,
    work: dict[str, str] = TRIED,
    proof: str = "demarcation",
    around: Around = needs.NOTHING,
    **changed: Any,
) -> Need:
    shown = causes(**{"alarms": "not", proof: "not"} if proof else {"alarms": "not"})
    return needs.assess(spot(**changed), course(weeks), shown, work, RULES, around)


def test_with_every_gate_passed_a_site_may_be_proposed() -> None:
    found = need()
    assert (found.open_gates, found.grade, found.may_be_proposed) == ((), "enough", True)
    assert found.action in needs.SITES and found.per_10k and found.per_10k > 0


@pytest.mark.parametrize(
    ("changed", "gate"),
    [
        ({"weeks": 4}, "periods"),
        ({"work": {}}, "cheaper"),
        ({"work": {**TRIED, "pipeline": "approved"}}, "pipeline"),
        ({"proof": ""}, "proof"),
        ({"around": Around(n_alarms=1)}, "alarm"),
        ({"around": Around(n_sites_to_come=1)}, "pipeline"),
    ],
)
def test_each_condition_alone_keeps_the_gate_shut(changed: dict[str, Any], gate: str) -> None:
    found = need(**changed)
    assert gate in found.open_gates and not found.may_be_proposed


def test_an_outage_that_is_over_asks_for_no_site_and_leaves_no_alarm_open() -> None:
    found = need(cause="outage")
    assert (found.action, found.may_be_proposed) == ("alarm", False) and "alarm" not in found.open_gates


@pytest.mark.parametrize(
    "awaited",
    [
        {"work": {**TRIED, "pipeline": "approved"}},
        {"work": {**TRIED, "pipeline": "building"}},
        {"around": Around(n_sites_to_come=1)},
    ],
)
def test_until_a_site_comes_something_temporary_helps_for_its_months_only(awaited: dict[str, Any]) -> None:
    found = need(**awaited)
    assert (found.action, found.is_site, found.yuan_10k) == ("temporary", False, 3.0)
    assert found.avoided == pytest.approx(20 * 0.35 * 6 * 30.4 / 30)
    assert need(work={**TRIED, "pipeline": "planned"}).action == "micro", "nobody has approved that one"
    assert need(work={"pipeline": "building"}).action == "antenna", "cheaper things first"
    assert need(cause="interference", **awaited).action == "test", "a booster does not mend interference"


def test_sites_to_come_cover_a_place_by_its_zone() -> None:
    at = {"lon": 119.40, "lat": 32.40}
    masts = pd.DataFrame({"lon": [119.40, 119.40], "lat": [32.40 + 700 / 110_900, 32.40 + 2_400 / 110_900]})
    rules = RULES.need
    assert needs.to_come(spot(**at), masts, rules) == 1
    assert needs.to_come(spot(**at, is_urban=False), masts, rules) == 2
    assert needs.to_come(spot(**at), masts.iloc[:0], rules) == 0


def test_the_cheapest_thing_not_tried_comes_first() -> None:
    assert need(work={}).action == "antenna"
    assert need(work={"antenna": "tried"}).action == "parameter"
    assert need(work={"antenna": "excluded", "parameter": "tried"}).action == "micro"
    assert need(work={**TRIED, "site": "macro"}).action == "macro"
    assert need(is_urban=False).action == "macro"


def test_thin_evidence_asks_for_a_test_and_no_cause_of_the_network_for_nothing() -> None:
    found = need(weeks=1, proof="")
    assert (found.grade, found.action) == ("thin", "test")
    assert need(cause="undetermined").action == "test"
    assert need(cause="terminal").action == "none"
    assert need(cause="terminal").yuan_10k == 0 and need(cause="terminal").per_10k is None


def test_what_is_avoided_by_hand() -> None:
    """(24 - 4) × 0.6 of a micro site × 12 months of 30.4 days in windows of 30."""
    found = need()
    assert found.avoided == pytest.approx(20 * 0.6 * 12 * 30.4 / 30)
    assert 0 <= found.avoided_low < found.avoided < found.avoided_high
    assert need(n_customers=3).avoided_low == 0


def test_windows_without_a_common_day() -> None:
    assert [needs.periods(course(n), LAST, 0.005, 10) for n in (1, 5, 6, 10, 11, 16)] == [1, 1, 2, 2, 3, 4]
    assert needs.periods(course(10, p_value=0.2), LAST, 0.005, 10) == 0
    assert needs.periods(course(10), LAST - timedelta(42), 0.005, 10) == 1, "nothing later than the week asked for"


def test_a_search_area_holds_the_hotspot_and_hides_its_middle() -> None:
    lon, lat, radius = needs.search_area(119.3641, 32.3612, 260, 500)
    away_m = (((lon - 119.3641) * 94_000) ** 2 + ((lat - 32.3612) * 110_900) ** 2) ** 0.5
    assert away_m + 260 <= radius
    assert needs.search_area(119.3642, 32.3613, 260, 500) == (lon, lat, radius), "near points give one area"


def test_the_work_list_keeps_every_line_and_tells_a_second_writer() -> None:
    engine = open_ops("sqlite://")
    at = datetime(2025, 3, 31, 9)
    assert worklist.write(engine, "H1", {"antenna": "tried", "note": "下倾 2°"}, "planner", at) == 2
    seen = worklist.standing(engine)["H1"]["event"]
    assert worklist.write(engine, "H1", {"antenna": "tried", "pipeline": "reported"}, "planner", at, seen) == 1
    with pytest.raises(worklist.Changed):
        worklist.write(engine, "H1", {"antenna": "open"}, "analyst", at, seen)
    assert worklist.standing(engine)["H1"]["antenna"] == "tried"
    assert list(worklist.history(engine, "H1")["field"]) == ["pipeline", "note", "antenna"]


@pytest.mark.parametrize("values", [{"mast": "here"}, {"antenna": "maybe"}, {"note": "x" * 201}])
def test_nonsense_is_refused_whole(values: dict[str, str]) -> None:
    engine = open_ops("sqlite://")
    with pytest.raises(Problems):
        worklist.write(engine, "H1", {"owner": "a", **values}, "planner", datetime(2025, 3, 31))
    assert worklist.standing(engine) == {}
