"""An issue written twice gives the same bytes, reads back as itself, and holds nothing it does not know."""

import json
from datetime import date, datetime

import pytest
from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from alerts.review.bundle import (
    Chart,
    Column,
    Issue,
    Item,
    Number,
    Screen,
    Source,
    Table,
    Words,
    canonical,
    fingerprint,
    spoken,
)


def an_issue(value: float = 0.762) -> Issue:
    number = Number(measure="M03", name=Words(zh="及时率", en="Timeliness"), unit="share", value=value, n=466)
    item = Item(id="M03", finding=Words(zh="及时率下降", en="Timeliness fell"), numbers=(number,))
    screen = Screen(name="overall", title=item.finding, finding=item.finding, items=(item,))
    return Issue(
        week="2025-W13",
        begins=date(2025, 3, 24),
        ends=date(2025, 3, 30),
        as_of=datetime(2025, 3, 31, 8, 30),
        workspace=Words(zh="扬州", en="Yangzhou"),
        is_simulated=True,
        source=Source(release_id="r1", definitions="d", policies="p", rules={"RN02": 1}),
        summary=(item.finding,),
        screens=(screen,),
    )


def test_the_same_issue_has_one_hash_and_reads_back_as_itself():
    told = canonical(an_issue())
    assert Issue.model_validate_json(told) == an_issue()
    assert canonical(Issue.model_validate_json(told)) == told
    assert fingerprint(an_issue()) != fingerprint(an_issue(0.7621))


def test_what_the_issue_does_not_know_is_refused():
    with pytest.raises(ValidationError, match="customer"):
        Number.model_validate({**an_issue().screens[0].items[0].numbers[0].model_dump(), "customer": "a key"})


def test_a_table_is_read_in_one_language():
    title = Words(zh="县", en="District")
    columns = (
        Column(name="region", title=title),
        Column(name="region_en", title=title),
        Column(name="n", title=title, kind="count"),
    )
    table = Table(title=title, columns=columns, rows=(("广陵区", "Guangling", 3), ("江都区", None, 1)))
    assert [c.name for c in spoken(table, "zh")[0]] == ["region", "n"]
    assert spoken(table, "zh")[1] == (("广陵区", 3), ("江都区", 1))
    assert spoken(table, "en")[1] == (("Guangling", 3), ("江都区", 1))


@pytest.mark.parametrize(
    ("name", "cell"),
    [("ticket_id", "T1"), ("cust_key", None), ("cust_key_en", "x"), ("summary_scrubbed", "x"),
     ("what", "a" * 31 + "0"), ("what", f"seen: {'0a' * 16}.")],
)  # fmt: skip
@pytest.mark.parametrize("of", [Table, Chart])
def test_a_row_of_a_person_cannot_be_put_into_an_issue(of, name, cell):
    title = Words(zh="表", en="Table")
    drawn = {"subtitle": title, "form": "bar"} if of is Chart else {}
    told = {"title": title, "columns": (Column(name="n", title=title, kind="count"),), "rows": ((3,),), **drawn}
    assert of(**told).rows == ((3,),)
    told |= {"columns": (Column(name=name, title=title),), "rows": ((cell,),)}
    with pytest.raises(ValidationError, match="kept for ever and holds none"):
        of(**told)
    with pytest.raises(ValidationError, match="kept for ever and holds none"):
        of.model_validate_json(json.dumps({k: to_jsonable_python(v) for k, v in told.items()}))


def test_digests_of_files_and_ids_of_actions_are_no_keys():
    title = Words(zh="表", en="Table")
    rows = (("0a" * 32,), ("A-20250331-0a1b2c3d",), ("0a" * 10,))
    assert Table(title=title, columns=(Column(name="what", title=title),), rows=rows).rows == rows
