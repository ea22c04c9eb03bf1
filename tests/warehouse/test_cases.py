"""Cases as written: what is accepted, what is said of faults, and that a workspace without any builds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.conftest import DEMO_WORKSPACE, LittleHome, ticket
from tests.warehouse.models.derived import DAY
from warehouse.cases import case_tables, read_cases
from warehouse.problems import Problems

TEMPLATE = """
[[template]]
id = "NET-01"
type_l1 = "NET"
marker = "TPL"
name = { zh = "网络", en = "Network" }
text = { zh = "说明", en = "Explain" }
"""
CASE = """
[[case]]
id = "one"
name = { zh = "一", en = "One" }
summary = { zh = "概要", en = "Summary" }
type_code = "NET01"
tickets = ["T1"]
template = "NET-01"
lesson = { zh = "经验", en = "Lesson" }
"""


def written(folder: Path, text: str) -> Path:
    (folder / "cases.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_cases_are_whole() -> None:
    file = read_cases(DEMO_WORKSPACE)
    assert [c.id for c in file.case] == ["zhang-2024-08", "wang-2024-09", "li-2024-10"]
    for case in file.case:
        assert case.tickets and case.template and case.unknown
        assert all(said.zh and said.en for said in case.said)


def test_a_workspace_without_the_file_has_no_case(tmp_path: Path) -> None:
    assert read_cases(tmp_path).case == []
    assert [t.num_rows for t in case_tables(tmp_path).values()] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CASE, "names the template 'NET-01', which is not in the file"),
        (TEMPLATE + CASE + CASE, "'one' is there twice"),
        (TEMPLATE + CASE.replace("lesson", "lessen"), "lessen"),
        (TEMPLATE + CASE.replace('en = "One"', 'fr = "Un"'), "name.en"),
        ("[[case", "is not valid TOML"),
    ],
)
def test_a_fault_is_a_sentence_that_names_the_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        read_cases(written(tmp_path, text))
    told = "\n".join(str(p) for p in caught.value.problems)
    assert said in told and "cases.toml" in told


def test_bytes_that_are_no_text_are_a_fault_too(tmp_path: Path) -> None:
    (tmp_path / "cases.toml").write_bytes(b"\xff\xfe\x00[")
    with pytest.raises(Problems, match="is not valid TOML"):
        read_cases(tmp_path)


def test_template_use_is_read_from_the_log_of_its_type(little: LittleHome) -> None:
    written(little.home.root, TEMPLATE)
    little.load("ticket", [ticket(1, DAY), ticket(2, DAY), ticket(3, DAY, type_code="TAR01"), ticket(4, DAY)])
    note = {"event_at": DAY, "event": "RES", "note_scrubbed": "按TPL答复"}
    little.load("ticket_event", [{"ticket_id": f"T{n}", "seq": 1, **note} for n in (1, 3)])
    little.load("ticket_event", [{"ticket_id": "T2", "seq": 1, **note, "note_scrubbed": "done"}])
    closed = [{"ticket_id": f"T{n}", "seq": 2, "event_at": DAY, "event": "FBK"} for n in (1, 2, 3)]
    little.load("ticket_event", closed)
    little.build()
    rows = little.rows("select ticket_id, template_id, is_by_template from mart_repeat order by ticket_id")
    assert [(r["template_id"], r["is_by_template"]) for r in rows] == [
        ("NET-01", True),
        ("NONE", False),
        ("NONE", False),  # the template is one of another type
        ("NONE", None),  # not answered yet
    ]


def test_without_templates_nobody_can_say_who_used_one(little: LittleHome) -> None:
    (little.home.root / "cases.toml").unlink()
    little.load("ticket", [ticket(1, DAY, feedback_at=DAY)])
    little.build()
    assert little.rows("select is_by_template from mart_repeat") == [{"is_by_template": None}]
    assert little.rows("select count(*) as n from mart_case") == [{"n": 0}]


def test_a_case_whose_tickets_are_not_there_is_not_in_the_release(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, DAY)])
    little.build()
    assert little.rows("select count(*) as n from mart_case_step") == [{"n": 0}]
