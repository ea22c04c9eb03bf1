"""Files with rows of customers: asked, decided by another, taken in time, no more than approved; all of it noted."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from warehouse import audit, exports, ops
from warehouse.access import AccessSettings, Person
from warehouse.audit import Event
from warehouse.exports import Refused
from warehouse.problems import Problems
from warehouse.viewer import LEVEL_OF_ROLE, ROLES, Role, Viewer

AT = datetime(2025, 4, 1, 8)
RULES = AccessSettings()
NANJING = frozenset({"321002"})


def person(name: str, role: Role, regions: frozenset[str] | None = None) -> Person:
    return Person(name, Viewer.of(role, regions))


MEI, LI = person("mei", "analyst"), person("li", "supervisor")
KEY = exports.question("due", MEI.viewer, {"band": "overdue"})


@pytest.fixture
def store(tmp_path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def asked(store: sa.Engine, who: Person = MEI, n: int = 10, at: datetime = AT) -> str:
    return exports.ask(store, who, "due", KEY, n, "monthly check", at, RULES)


def file(n: int = 10, mark: str = "ab") -> Event:
    return Event("export_taken", "mei", "analyst", "due.csv", {"sha256": "h", "mark": mark}, n, "duty", ["c1"])


def why(call) -> str:
    with pytest.raises(Refused) as found:
        call()
    return found.value.why


def test_from_the_request_to_the_file(store) -> None:
    number = asked(store)
    assert why(lambda: exports.take(store, number, MEI, KEY, file(), AT, RULES)) == "not_approved"
    exports.decide(store, number, LI, True, "for March", AT + timedelta(hours=1), RULES)
    found = exports.standing(store, "mei", KEY, AT + timedelta(hours=2))
    assert found and (found.state, found.decided_by, found.until) == ("approved", "li", AT + timedelta(hours=25))
    exports.take(store, number, MEI, KEY, file(), AT + timedelta(hours=2), RULES)
    events = audit.search(store)[0]
    assert [e["kind"] for e in events] == ["export_taken", "export_decided", "export_asked"]
    assert all(number in e["detail_json"] for e in events) and '"approved_by": "li"' in events[0]["detail_json"]
    assert audit.who_saw(store, "c1")[0]["kind"] == "export_taken" and audit.verify(store).fault is None
    assert exports.listed(store, AT)[0]["file_hash"] == "h"


def test_leave_ends_and_no_more_than_was_approved_goes(store) -> None:
    number = asked(store)
    exports.decide(store, number, LI, True, "", AT, RULES)
    assert why(lambda: exports.take(store, number, MEI, KEY, file(12), AT, RULES)) == "too_many"
    exports.take(store, number, MEI, KEY, file(11), AT, RULES)
    other = exports.question("due", MEI.viewer, {"band": "open"})
    assert why(lambda: exports.take(store, number, MEI, other, file(), AT, RULES)) == "not_approved"
    assert why(lambda: exports.take(store, number, LI, KEY, file(), AT, RULES)) == "not_approved"
    later = AT + exports.HOLDS
    assert why(lambda: exports.take(store, number, MEI, KEY, file(), later, RULES)) == "expired"
    exports.take(store, number, MEI, KEY, file(), later - timedelta(seconds=1), RULES)
    assert audit.search(store, kinds=["export_taken"])[1] == 2, "what was refused is not noted as taken"
    narrow = person("mei", "analyst", NANJING)
    assert exports.question("due", narrow.viewer, {"band": "overdue"}) != KEY, "another scope is another question"
    assert asked(store, at=later) != number, "over: to be asked anew"


def test_nobody_decides_about_his_own_nor_beyond_his_scope(store) -> None:
    own = exports.ask(store, LI, "due", KEY, 5, "x", AT, RULES)
    assert why(lambda: exports.decide(store, own, LI, True, "", AT, RULES)) == "own"
    assert why(lambda: exports.decide(store, own, person("LI", "manager"), True, "", AT, RULES)) == "own"
    assert why(lambda: exports.decide(store, own, MEI, True, "", AT, RULES)) == "role"
    assert why(lambda: exports.decide(store, own, person("wu", "manager", NANJING), True, "", AT, RULES)) == "scope"
    within = asked(store, person("an", "planner", NANJING))
    exports.decide(store, within, person("wu", "manager", NANJING), False, "too wide", AT, RULES)
    assert why(lambda: exports.decide(store, within, LI, True, "", AT, RULES)) == "decided"
    assert why(lambda: exports.decide(store, "E0", LI, True, "", AT, RULES)) == "unknown"
    assert (
        why(lambda: exports.decide(store, own, person("x", "manager"), True, "", AT + exports.WAITS, RULES))
        == "decided"
    )
    only = AccessSettings(export_approvers=["auditor"])
    assert why(lambda: exports.decide(store, own, person("x", "manager"), True, "", AT, only)) == "role"


def test_limits_by_role_and_reasons(store) -> None:
    for role in ROLES:
        most = exports.most_rows(role, RULES)
        assert (most == 0) == (LEVEL_OF_ROLE[role] == "L1"), role
        assert why(lambda m=most, r=role: asked(store, person("x", r), m + 1)) == "limit"
    assert exports.most_rows("handler", AccessSettings(export_rows={"handler": 3})) == 3
    with pytest.raises(Problems, match="no reason"):
        exports.ask(store, MEI, "due", KEY, 1, " \n", AT, RULES)
    assert exports.listed(store, AT) == [] and audit.search(store)[1] == 0
    assert asked(store) == asked(store), "what waits is not asked twice"


def test_two_who_decide_at_once_do_not_both(store) -> None:
    number, told = asked(store), []

    def decide(name: str, is_approved: bool) -> None:
        try:
            exports.decide(store, number, person(name, "manager"), is_approved, "", AT, RULES)
            told.append(name)
        except Refused as error:
            assert error.why == "decided"

    both = [threading.Thread(target=decide, args=(f"m{n}", bool(n % 2))) for n in range(6)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(told) == 1 and audit.search(store, kinds=["export_decided"])[1] == 1


def test_a_store_of_before_gets_the_columns(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = ops.open_ops(url)
    with ops.writing(store) as con:
        for name in ("regions_json", "departments_json"):
            con.exec_driver_sql("alter table export_request drop column " + name)
        con.execute(ops.about.update().where(ops.about.c.name == "schema").values(value="2"))
    store.dispose()
    store = ops.open_ops(url)
    assert asked(store).startswith("E")
