"""What is refused, set to missing, flagged or left out, and what is kept of it to look at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.etl.small import HEADER, TICKETS, SmallHome, csv_text, phone, ticket


def entries(small: SmallHome) -> list[tuple[Any, ...]]:
    names = ("row_no", "column_name", "rule", "action", "value_scrubbed")
    return [tuple(r[n] for n in names) for r in small.rows("quarantine")]


def load_lines(small: SmallHome, *lines: str) -> dict[str, Any]:
    small.put("工单.csv", "\n".join([HEADER, *lines, ""]))
    _, files = small.load()
    return files["工单.csv"]


def test_what_cannot_be_read_is_missing_and_what_is_required_keeps_the_row_out(small: SmallHome) -> None:
    outcome = load_lines(
        small,
        ticket(0),
        ticket(1, 星级="五"),
        ticket(2, 受理时间="昨天"),
        ticket(3, 工单号=""),
        ticket(4, 工单号="1.23E+17"),
    )
    assert entries(small) == [
        (2, "star", "not_readable", "missing", "五"),
        (3, "accepted_at", "not_readable", "reject", "昨天"),
        (4, "ticket_id", "required_missing", "reject", None),
        (5, "ticket_id", "not_readable", "reject", "1.23E+17"),
    ]
    assert [r["ticket_id"] for r in small.rows("ticket")] == ["T00000", "T00001"]
    assert (outcome["n_rejected"], outcome["n_flagged"], outcome["is_over_limit"]) == (3, 1, True)


def test_rules_of_the_table_reject_or_flag(small: SmallHome) -> None:
    small.contract(
        "small_tickets",
        TICKETS.replace(
            "star = ",
            'feedback_at = { from = "反馈" }\nresolved_at = { from = "完成" }\n'
            'first_reply_at = { from = "首响" }\nstar = ',
        ),
    )
    head = HEADER + ",反馈,完成,首响"
    lines = [
        ticket(0, 受理时间="2024-03-01 10:00:00") + ",2024-03-01 09:00:00,,",
        ticket(1, 受理时间="2024-03-01 10:00:00") + ",,2024-03-01 11:00:00,2024-03-01 12:00:00",
    ]
    small.put("工单.csv", "\n".join([head, *lines, ""]))
    small.load()
    assert entries(small) == [
        (1, "", "closed_before_accepted", "reject", None),
        (2, "", "first_reply_after_resolution", "flag", None),
    ]
    assert [r["ticket_id"] for r in small.rows("ticket")] == ["T00001"]


def test_values_no_map_knows_are_counted(small: SmallHome) -> None:
    load_lines(small, ticket(0, 类型="网洛"), ticket(2, 类型="网洛"), ticket(4, 类型="其他"))
    counted = sorted((r["column_name"], r["value_scrubbed"], r["n_rows"]) for r in small.rows("unmapped_value"))
    assert counted == [("type_code", "其他", 1), ("type_code", "网洛", 2)]
    assert [r["type_code"] for r in small.rows("ticket")] == ["网洛", "网洛", "其他"]
    assert entries(small) == []


def test_an_unmapped_value_may_reject_or_be_missing(small: SmallHome) -> None:
    for unmapped, kept in (("reject", []), ("missing", [None])):
        small.contract("small_tickets", TICKETS.replace('map = "type"', f'map = "type", unmapped = "{unmapped}"'))
        load_lines(small, ticket(0, 类型="网洛"))
        assert [r["type_code"] for r in small.rows("ticket")] == kept


def test_excluded_rows_are_counted_by_reason(small: SmallHome) -> None:
    rule = '\n[[exclude]]\nfrom = "工单号"\nmatches = "^TEST"\nreason = "test ticket"\n'
    small.contract("small_tickets", TICKETS + rule)
    outcome = load_lines(small, ticket(0), ticket(1, 工单号="TEST1"))
    assert (outcome["n_dropped"], outcome["message"]) == (1, "excluded: test ticket: 1")


def test_a_phone_number_in_the_wrong_column_stays_out(small: SmallHome) -> None:
    outcome = load_lines(
        small,
        ticket(0, 营业厅=phone(1)),
        ticket(1, 星级=phone(2)),
        ticket(2, 补偿=phone(3)),
        ticket(3, 工单号="+86 " + phone(4)),
        ticket(4, 营业厅="2024" + phone(5)),
    )
    assert entries(small) == [
        (1, "hall_id", "phone_number", "missing", "[hidden]"),
        (2, "star", "phone_number", "missing", "[hidden]"),
        (3, "compensation_yuan", "phone_number", "missing", "[hidden]"),
        (4, "ticket_id", "phone_number", "reject", "[hidden]"),
    ]
    assert outcome["n_loaded"] == 4
    assert [r["hall_id"] for r in small.rows("ticket")] == [None, "H01", "H01", "2024" + phone(5)]


def test_a_figure_that_is_none_is_missing(small: SmallHome) -> None:
    load_lines(
        small, ticket(0, 补偿="NaN"), ticket(1, 补偿="-Infinity"), ticket(2, 补偿="1e400"), ticket(3, 补偿="2.5")
    )
    assert [r["compensation_yuan"] for r in small.rows("ticket")] == [None, None, None, 2.5]
    assert [e[1:] for e in entries(small)] == [
        ("compensation_yuan", "not_readable", "missing", "nan"),
        ("compensation_yuan", "not_readable", "missing", "-inf"),
        ("compensation_yuan", "not_readable", "missing", "inf"),
    ]


def test_ids_that_merely_look_like_numbers_pass_when_the_contract_says_their_shape(small: SmallHome) -> None:
    small.contract("small_tickets", TICKETS.replace('"营业厅" }', '"营业厅", shape = "[0-9]{11}" }'))
    load_lines(small, ticket(0, 营业厅=phone(1)))
    assert [r["hall_id"] for r in small.rows("ticket")] == [phone(1)]


def test_a_thousand_examples_of_a_rule_are_kept_and_all_are_counted(small: SmallHome) -> None:
    small.put("工单.csv", csv_text(range(1500), 星级="五"))
    _, files = small.load()
    assert files["工单.csv"]["n_flagged"] == 1500
    kept = small.rows("quarantine")
    assert len(kept) == 1001
    assert sorted(r["n_values"] for r in kept)[-2:] == [1, 500]


def test_every_refused_row_is_kept(small: SmallHome) -> None:
    small.put("工单.csv", csv_text(range(25_000), 受理时间="昨天") + ticket(30_000) + "\n")
    _, files = small.load()
    assert (files["工单.csv"]["n_rejected"], files["工单.csv"]["n_loaded"]) == (25_000, 1)
    assert sorted(r["row_no"] for r in small.rows("quarantine")) == list(range(1, 25_001))


def test_row_numbers_count_lines_that_could_not_be_split(small: SmallHome) -> None:
    load_lines(small, ticket(0), "半行,没有", ticket(1, 星级="五"), '"没有合上', ticket(2), ticket(3))
    assert [(e[0], e[2]) for e in entries(small)] == [
        (2, "bad_line: missing columns"),
        (3, "not_readable"),
        (4, "bad_line: unquoted value"),
    ]


@pytest.mark.parametrize(("n_bad", "state"), [(5, "failed"), (4, "loaded"), (1, "loaded")])
def test_the_contract_says_when_a_file_is_stopped(small: SmallHome, n_bad: int, state: str) -> None:
    small.contract("small_tickets", TICKETS.replace("= 10.0", "= 10.0\nquarantine_stop_pct = 50.0"))
    small.put("工单.csv", csv_text(range(n_bad), 受理时间="昨天") + csv_text(range(5, 15 - n_bad)).split("\n", 1)[1])
    code, files = small.load()
    found = files["工单.csv"]
    assert found["state"] == state
    assert code == {5: 1, 4: 3, 1: 0}[n_bad]
    if state == "failed":
        assert small.rows("ticket") == small.stored("ticket") == small.stored("quarantine") == []
        assert found["message"] == (
            "工单.csv: 5 of 10 rows were refused (50.0 %), and the contract stops at 50 %: accepted_at not readable 5; "
            "nothing of it was loaded; correct the file, or the columns named in the contract, and load it again."
        )


def test_a_row_with_two_faults_is_refused_once(small: SmallHome) -> None:
    found = load_lines(small, ticket(0), ticket(1, 工单号="1.23E+17", 受理时间="昨天", 星级="五"))
    assert (found["state"], found["n_rows"], found["n_loaded"], found["n_rejected"]) == ("loaded", 2, 1, 1)


def test_a_row_unaccounted_for_keeps_the_file_out(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.quarantine.Judged.adds_up", lambda *_: False)
    found = load_lines(small, ticket(0))
    assert (found["state"], small.rows("ticket")) == ("failed", [])
    assert "of 1 rows read, 1 landed and 0 were refused, and the rest is unaccounted for" in found["message"]


def test_a_file_of_refused_rows_only_is_no_load(small: SmallHome) -> None:
    small.put("工单.csv", csv_text(range(3), 受理时间="昨天"))
    assert small.load()[1]["工单.csv"]["state"] == "failed"


def test_a_value_is_scrubbed_before_it_is_cut(small: SmallHome) -> None:
    """Cut first, the half of a number at the edge would no longer be recognised."""
    lead = "话" * 113
    load_lines(small, ticket(0, 星级=lead + phone(7) + "尾"), ticket(1) + "," + "话" * 190 + phone(8))
    shown = [r["value_scrubbed"] for r in small.rows("quarantine")]
    assert shown[0] == lead + "[手机号]尾"
    assert phone(7)[:6] not in "".join(shown) and phone(8)[:6] not in "".join(shown)


def test_bad_lines_are_rejections_with_their_place(small: SmallHome) -> None:
    outcome = load_lines(small, ticket(0), ticket(1) + ",zu,viel", "T00002,2024-03-01", ticket(3))
    assert [e[:4] for e in entries(small)] == [
        (2, "", "bad_line: too many columns", "reject"),
        (3, "", "bad_line: missing columns", "reject"),
    ]
    assert (outcome["n_rows"], outcome["n_loaded"], outcome["n_rejected"]) == (4, 2, 2)
