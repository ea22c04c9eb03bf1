"""What belongs together: outages, the cells and complaints they explain, and planned work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.incidents import Arranged, Change, Site, Told, arrange

AT = datetime(2025, 3, 30, 19, 15)
HOUR = timedelta(hours=1)
SITES = {
    "S1": Site(119.450, 32.404, "321002", frozenset({"place:P03", "东关街道"})),
    "S2": Site(119.447, 32.408, "321002", frozenset({"place:P03", "东关街道"})),
    "S3": Site(119.452, 32.409, "321002", frozenset({"place:P03", "东关街道"})),
    "S4": Site(119.440, 32.402, "321002", frozenset({"place:P04", "东关街道"})),  # about 1 km away
    "F1": Site(119.36, 33.24, "321023", frozenset({"district:321023", "曹甸镇"})),
}


def outage(site: str, after: float = 0, lasts: float | None = 4, beside: str = "S1,S2,S3") -> Told:
    begins = AT + after * HOUR
    ends = None if lasts is None else begins + lasts * HOUR
    return Told(f"RN07-{site}", "RN07", site, begins, begins, ends, frozenset(beside.split(",")), "place:P03", "321002")


def cell(rule: str, sites: str, after: float = 3, area: str = "place:P04") -> Told:
    return Told(f"{rule}-x", rule, area, AT + after * HOUR, AT + after * HOUR, None, frozenset(sites.split(",")), area)


def spot(scope: str = "NET/place:P03", after: float = 1.5, sites: str = "") -> Told:
    at = AT + after * HOUR
    return Told("RC02-x", "RC02", scope, at, at, None, frozenset(filter(None, [sites])), scope.partition("/")[2], "")


THREE = [outage("S1"), outage("S2"), outage("S3")]


def roles(*warnings: Told) -> dict[str, str]:
    (incident,) = [i for i in arrange([*THREE, *warnings], SITES).incidents if i.head == "RN07-S1"]
    return dict(incident.roles)


def test_sites_side_by_side_are_one_incident_with_the_first_at_its_head() -> None:
    assert roles() == {"RN07-S1": "head", "RN07-S2": "also", "RN07-S3": "also"}
    (incident,) = arrange(THREE, SITES).incidents
    assert (incident.id, incident.starts, incident.ends) == ("I-RN07-S1", AT, AT + 4 * HOUR)


def test_outages_apart_in_space_or_time_are_two() -> None:
    assert len(arrange([outage("S1"), outage("F1", beside="F1")], SITES).incidents) == 2
    assert len(arrange([outage("S1"), outage("S2", after=5)], SITES).incidents) == 2
    assert len(arrange([outage("S1", lasts=None), outage("S2", after=5)], SITES).incidents) == 1


@pytest.mark.parametrize("rule", ["RN01", "RN02", "RN03", "RN04", "RN05", "RN06"])
def test_an_outage_covers_warnings_about_its_own_cells(rule: str) -> None:
    own = cell(rule, "S1,S2")
    assert roles(own)[own.id] == "covered"
    assert arrange([*THREE, own], SITES).covered == {own.id}


@pytest.mark.parametrize(
    "warning, role",
    [
        (cell("RN03", "S4"), "evidence"),  # neighbours that carry the load
        (cell("RN03", "S1,S4"), "evidence"),  # not only its own cells, so it is told
        (cell("RN08", "S1"), None),  # a site that is out sends no interference: another matter
        (cell("RN01", "F1", area="district:321023"), None),  # another end of the city
        (cell("RN01", "S4", after=-5), None),  # it was there before
        (cell("RN01", "S4", after=6.9), "evidence"),
        (cell("RN01", "S4", after=7.1), None),  # more than three hours after the end
        (spot(), "evidence"),
        (spot("NET/town:东关街道", sites="S2"), "evidence"),
        (spot("TAR/place:P03"), None),  # tariffs have nothing to do with masts
        (spot("NET/place:P06"), None),
        (spot(after=27.9), "evidence"),  # people complain the next day
        (spot(after=28.1), None),
        (Told("RC01-x", "RC01", "NET/321002", AT, AT), "evidence"),
        (Told("RC01-x", "RC01", "NET/321023", AT, AT), None),
    ],
)
def test_what_an_outage_explains(warning: Told, role: str | None) -> None:
    assert roles(warning).get(warning.id) == role


def test_one_site_explains_no_surge_of_a_district() -> None:
    surge = Told("RC01-x", "RC01", "NET/321002", AT, AT)
    (incident,) = arrange([outage("S1"), surge], SITES).incidents
    assert surge.id not in incident.roles


def test_a_warning_belongs_to_one_incident() -> None:
    far = replace(outage("S4", beside="S4"), area_id="place:P04")
    arranged = arrange([*THREE, far, spot()], SITES)
    assert sum("RC02-x" in i.roles for i in arranged.incidents) == 1


def test_order_and_other_regions_change_nothing() -> None:
    warnings = [*THREE, cell("RN03", "S4"), spot()]
    first = arrange(warnings, SITES)
    assert arrange(warnings[::-1], SITES) == first
    assert arrange([*warnings, cell("RN05", "F1", area="district:321023")], SITES) == first


def test_shifting_all_times_shifts_the_incident() -> None:
    week = timedelta(weeks=1)
    later = [replace(w, began_at=w.began_at + week, fired_at=w.fired_at + week, ended_at=w.ended_at + week)
             for w in THREE if w.ended_at]  # fmt: skip
    (before,), (after,) = arrange(THREE, SITES).incidents, arrange(later, SITES).incidents
    assert (after.id, after.roles, after.starts) == (before.id, before.roles, before.starts + week)


WINDOW = Change("CH1", "割接", AT - HOUR, AT + 4 * HOUR, "321002", "东关街道")


@pytest.mark.parametrize(
    "warning, change, is_planned",
    [
        (replace(cell("RN06", "S4"), region_code="321002"), WINDOW, True),
        (outage("S1"), WINDOW, True),
        (replace(cell("RN06", "S4"), region_code="321002"), replace(WINDOW, scope=""), True),
        (replace(cell("RN06", "S4"), region_code="321002"), replace(WINDOW, scope="仙女镇"), False),
        (replace(cell("RN06", "S4"), region_code="321002"), replace(WINDOW, kind="停电"), False),
        (replace(cell("RN06", "S4,F1"), region_code="321002"), WINDOW, False),  # more than what was planned
        (replace(cell("RN06", "S4", after=6), region_code="321002"), WINDOW, False),  # over by then
        (replace(spot(), region_code="321002"), WINDOW, False),  # customers suffer, planned or not
    ],
)
def test_planned_work(warning: Told, change: Change, is_planned: bool) -> None:
    assert (warning.id in arrange([warning], SITES, [change]).planned) == is_planned


def test_nothing_is_nothing() -> None:
    assert arrange([], {}) == Arranged()
