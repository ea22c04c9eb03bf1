"""Oracle 16: a sealed number stays, whatever comes later; an issue opens from its own folder for ever."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts.actions import register
from alerts.review import book, late, seal
from alerts.review.asked import Sources
from alerts.review.bundle import Issue, Item, Words, canonical
from alerts.review.content import content
from alerts.review.gather import sources
from etl.__main__ import main as etl
from tests.pages.homes import COLUMNS, at_home, ticket, tiny_home
from warehouse import ops
from warehouse.__main__ import main as warehouse
from warehouse.home import Home
from warehouse.problems import Problems

AT = datetime(2025, 3, 31, 8, 30)
WEEK = "2025-W13"
MONDAY = datetime(2025, 3, 24, 9)
NEXT = MONDAY + timedelta(days=7)
SAID = Words(zh="四季园退服", en="Outage")


@pytest.fixture
def store(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def test_the_bytes_on_disk_are_those_of_the_issue_and_read_back_equal(issue: Issue, tmp_path: Path) -> None:
    told = seal.seal_numbers(tmp_path, issue, "manager", AT)
    opened = seal.read(tmp_path, WEEK, told.sha256)
    assert opened is not None and opened.is_intact and opened.issue == issue
    assert (tmp_path / WEEK / seal.ISSUE).read_bytes() == canonical(opened.issue)
    assert seal.weeks(tmp_path) == [WEEK]
    assert [p.name for p in tmp_path.iterdir()] == [WEEK], "nothing half-written stays"


def test_a_second_seal_changes_nothing(issue: Issue, tmp_path: Path) -> None:
    first = seal.seal_numbers(tmp_path, issue, "manager", AT)
    with pytest.raises(seal.AlreadySealed):
        seal.seal_numbers(tmp_path, issue.model_copy(update={"summary": ()}), "supervisor", AT)
    opened = seal.read(tmp_path, WEEK)
    assert opened is not None and opened.seal == first and opened.issue == issue
    assert [p.name for p in tmp_path.iterdir()] == [WEEK]


def test_what_was_tampered_with_says_so(issue: Issue, tmp_path: Path) -> None:
    told = seal.seal_numbers(tmp_path, issue, "manager", AT)
    path = tmp_path / WEEK / seal.ISSUE
    path.write_bytes(canonical(issue.model_copy(update={"summary": ()})))
    opened = seal.read(tmp_path, WEEK, told.sha256)
    assert opened is not None and not opened.is_intact
    # Also where the seal beside it was made to fit: the store knows the hash.
    raw = json.loads((tmp_path / WEEK / seal.SEAL).read_text())
    raw["sha256"] = seal.hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / WEEK / seal.SEAL).write_text(json.dumps(raw))
    opened = seal.read(tmp_path, WEEK, told.sha256)
    assert opened is not None and not opened.is_intact
    path.write_bytes(b'{"week":')
    with pytest.raises(Problems, match="cannot be read"):
        seal.read(tmp_path, WEEK)


@pytest.mark.parametrize("week", ["../../etc", "2025-W13/..", "", "2025-13"])
def test_a_week_that_is_no_week_opens_nothing(week: str, tmp_path: Path) -> None:
    assert seal.read(tmp_path, week) is None


def test_minutes_come_after_numbers_and_once(issue: Issue, tmp_path: Path, store: sa.Engine) -> None:
    with pytest.raises(Problems, match="no sealed numbers"):
        book.seal_minutes(store, tmp_path, WEEK, "manager", AT, "manager")
    book.seal_numbers(store, tmp_path, issue, "manager", AT, "manager")
    assert book.write_minutes(store, tmp_path, WEEK, "客服、网优", "按期", 0, "manager") == 1
    with pytest.raises(book.Changed):
        book.write_minutes(store, tmp_path, WEEK, "另一人", "另一稿", 0, "manager")
    digest = book.seal_minutes(store, tmp_path, WEEK, "manager", AT, "manager")
    told = book.book(store, tmp_path, WEEK)
    assert told.status == "minutes_sealed" and told.minutes_hash == digest == seal.minutes_hash(tmp_path, WEEK)
    kept = seal.minutes(tmp_path, WEEK)
    assert kept is not None and kept["attendees"] == "客服、网优" and kept["issue"] == told.issue_hash
    with pytest.raises(seal.AlreadySealed):
        book.write_minutes(store, tmp_path, WEEK, "", "后来", 1, "manager")
    with pytest.raises(seal.AlreadySealed):
        book.seal_minutes(store, tmp_path, WEEK, "manager", AT, "manager")


def test_of_two_processes_that_seal_at_once_one_wins_whole(issue: Issue, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from datetime import datetime;"
        "from alerts.review.bundle import Issue; from alerts.review import seal;"
        "issue = Issue.model_validate_json(Path(sys.argv[1]).read_bytes());"
        "seal.seal_numbers(Path(sys.argv[2]), issue, sys.argv[3], datetime(2025, 3, 31, 8, 30))"
    )
    kept, folder = tmp_path / "issue.json", tmp_path / "reviews"
    kept.write_bytes(canonical(issue))
    command = [sys.executable, "-c", script, str(kept), str(folder)]
    both = [subprocess.Popen([*command, by], stderr=subprocess.DEVNULL) for by in ("manager", "supervisor")]
    assert sorted(p.wait(timeout=60) for p in both) == [0, 1]
    opened = seal.read(folder, WEEK)
    assert opened is not None and opened.is_intact and opened.issue == issue
    assert [p.name for p in folder.iterdir()] == [WEEK]


def test_only_who_leads_the_meeting_seals(issue: Issue, tmp_path: Path, store: sa.Engine) -> None:
    for role in ("analyst", "auditor", "handler", "wall"):
        with pytest.raises(book.NotYours):
            book.seal_numbers(store, tmp_path, issue, role, AT, role)  # type: ignore[arg-type]
    assert seal.weeks(tmp_path) == []


def test_a_seal_cut_short_before_the_store_is_finished_by_the_next(
    issue: Issue, tmp_path: Path, store: sa.Engine
) -> None:
    told = seal.seal_numbers(tmp_path, issue, "manager", AT)  # and the power fails
    assert book.book(store, tmp_path, WEEK).status == "numbers_sealed"
    with pytest.raises(seal.AlreadySealed):
        book.seal_numbers(store, tmp_path, issue, "supervisor", AT + timedelta(hours=1), "supervisor")
    known = book.book(store, tmp_path, WEEK)
    assert (known.issue_hash, known.sealed_by, known.sealed_at) == (told.sha256, "manager", AT)


def test_a_decision_to_act_starts_a_measure_and_is_kept_with_it(tmp_path: Path, store: sa.Engine) -> None:
    item = Item(id="H1", finding=SAID, source="hotspot:H1")
    made = book.decide(
        store, tmp_path, WEEK, item, "rectify", "加站,联系139" + "12345678", "manager", AT, "manager",
        owner_dept="NET", owner_person="NET0115", due_on=date(2025, 4, 14),
    )  # fmt: skip
    action = register.one(store, made.action_id or "")
    assert action is not None and action.source == "review" and action.source_ref == "hotspot:H1"
    assert (action.scope_kind, action.scope_id) == ("hotspot", "H1")
    assert (action.owner_dept, action.due_on, action.problem) == ("NET", date(2025, 4, 14), "四季园退服")
    assert "139" not in made.text and "139" not in action.measure
    told = book.book(store, tmp_path, WEEK)
    assert told.of("H1") == made and told.of("H2") is None
    book.decide(store, tmp_path, WEEK, item, "observe", "", "manager", AT, "manager")
    newest = book.book(store, tmp_path, WEEK).of("H1")
    assert newest is not None and newest.decision == "observe"


@pytest.mark.parametrize(
    ("decision", "text", "dept", "due", "said"),
    [
        ("rectify", "", "NET", date(2025, 4, 14), "no measure"),
        ("rectify", "加站", None, date(2025, 4, 14), "no measure"),
        ("rectify", "加站", "NET", None, "no measure"),
        ("rectify", "加站", "NET", date(2025, 3, 1), "is over"),
        ("false_alarm", "没有", None, None, "cannot be decided"),
    ],
)
def test_a_decision_that_says_too_little_keeps_nothing(
    decision: str, text: str, dept: str | None, due: date | None, said: str, tmp_path: Path, store: sa.Engine
) -> None:
    item = Item(id="H1", finding=SAID, source="hotspot:H1")
    with pytest.raises(Problems, match=said):
        book.decide(
            store, tmp_path, WEEK, item, decision, text, "manager", AT, "manager", owner_dept=dept, due_on=due  # type: ignore[arg-type]
        )  # fmt: skip
    assert book.book(store, tmp_path, WEEK).decisions == ()
    assert register.all_items(store) == []


def test_a_decision_about_a_warning_is_the_warnings_own_and_of_its_incident(
    demo_sources: Sources, issue: Issue, tmp_path: Path
) -> None:
    kept = demo_sources.kept
    assert kept is not None
    copy = tmp_path / "ops.db"
    shutil.copyfile(str(kept.url.database), copy)
    mine = ops.open_ops(f"sqlite:///{copy}")
    item = next(i for i in issue.screens[3].items if i.source.startswith("warning:"))
    book.decide(mine, tmp_path, WEEK, item, "observe", "看一周", "manager", AT, "manager")
    number = item.source.partition(":")[2]
    w = ops.warning.c
    with mine.connect() as con:
        row = con.execute(sa.select(ops.warning).where(w.warning_id == number)).mappings().one()
        same = sa.select(w.handling).where(w.incident_id == row["incident_id"]) if row["incident_id"] else None
        others = con.execute(same).scalars().all() if same is not None else []
    assert (row["handling"], row["decision"], row["decision_by"]) == ("decided", "observe", "manager")
    assert set(others) <= {"decided", "closed"}


# --- oracle 16 --------------------------------------------------------------------------------------------


def _tickets(n: int, first: int = 1) -> list[dict[str, str]]:
    return [ticket(first + k, MONDAY + timedelta(hours=3 * k), MONDAY + timedelta(hours=3 * k + 5)) for k in range(n)]


@pytest.mark.deep
def test_a_late_ticket_changes_no_sealed_number_and_shows_in_the_next_issue(tmp_path: Path) -> None:
    root = tiny_home(tmp_path, "late", AT, _tickets(30))
    home = Home(root)
    kept = ops.open_ops(f"sqlite:///{root / 'ops.db'}")
    before = sources(home, kept)
    issue = content(before, WEEK, AT)
    assert {n.measure: n.value for n in issue.screens[1].items[0].numbers}["M01"] == 30
    told = book.seal_numbers(kept, home.reviews, issue, "manager", AT, "manager")
    assert late.changes(before, home.reviews, "2025-W14") == ()
    # A week later: what came to be known since, and tickets of the next week, are no change.
    settings = root / "workspace.toml"
    settings.write_text(settings.read_text().replace("as_of = 2025-03-31", "as_of = 2025-04-07"))
    _load(root, "next", [ticket(300 + k, NEXT + timedelta(hours=k), NEXT + timedelta(hours=k + 4)) for k in range(20)])
    assert late.changes(sources(home, kept), home.reviews, "2025-W14") == ()
    _load(root, "late", _tickets(3, first=500))
    for old in home.releases.glob(f"{issue.source.release_id}*"):
        old.unlink()
    opened = seal.read(home.reviews, WEEK, told.sha256)
    assert opened is not None and opened.is_intact and canonical(opened.issue) == canonical(issue)
    after = sources(home, kept)
    assert after.reader.id != issue.source.release_id
    found = {c.measure: c for c in late.changes(after, home.reviews, "2025-W14")}
    assert (found["M01"].sealed, found["M01"].now, found["M01"].week) == (30, 33, WEEK)
    assert found["M01"].why == Words(zh="定版后新到工单3件", en="3 tickets of the week came after sealing")
    # Not the measures alone: the tables and charts of the issue too, each number by its place.
    cells = {key: c for key, c in found.items() if "/" in key}
    by_type = [c for key, c in cells.items() if key.startswith("movement/types/") and key.endswith("/now")]
    assert sum((c.now or 0) - (c.sealed or 0) for c in by_type) == 3
    assert any(key.startswith("overall/trend_M01/") for key in cells), "the course of thirteen weeks"
    assert any(key.startswith("annex/structure_") for key in cells)
    following = content(after, "2025-W14", datetime(2025, 4, 7, 8, 30), tuple(found.values()))
    told = next(i for i in following.screens[0].items if i.id == "changes")
    assert [row[0] for row in told.tables[0].rows] == [WEEK] * (len(found) - len(cells))
    listed = next(i for i in following.annex if i.id == "changes_all")
    assert len(listed.tables[0].rows) == len(cells)


def _load(root: Path, name: str, rows: list[dict[str, str]]) -> None:
    with (root / "inbox" / f"tickets_{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    with at_home(root):
        assert etl(["load"]) == 0
        assert warehouse(["build"]) == 0


# --- odd weeks --------------------------------------------------------------------------------------------


@pytest.mark.deep
def test_week_53_and_a_week_without_tickets_have_their_texts(tmp_path: Path) -> None:
    at = datetime(2021, 1, 4, 8, 30)
    days = [datetime(2020, 12, 21, 9) + timedelta(hours=8 * n) for n in range(40)]
    rows = [ticket(n, day, day + timedelta(hours=6)) for n, day in enumerate(days, 1)]
    root = tiny_home(tmp_path, "odd", at + timedelta(days=14), rows)
    found = sources(Home(root), None)
    odd = content(found, "2020-W53", at + timedelta(days=14))
    assert "没有去年同周" in odd.screens[1].finding.zh and odd.screens[1].items[0].numbers[0].last_year is None
    assert odd.screens[1].items[0].numbers[0].value == sum(datetime(2020, 12, 28) <= d < at for d in days)
    assert "台账" in odd.screens[0].finding.zh and "没有运行过" in odd.screens[3].finding.zh
    empty = content(found, "2021-W01", at + timedelta(days=14))
    assert "没有投诉记录" in empty.screens[1].finding.zh
    assert len(empty.screens) == 7 and all(s.finding.zh and s.finding.en for s in empty.screens)
    assert canonical(Issue.model_validate_json(canonical(empty))) == canonical(empty)
