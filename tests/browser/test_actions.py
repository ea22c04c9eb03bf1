"""Two people at one measure, each in a browser: who is slower is told what the other did, and nothing is lost."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from alerts.actions import register, store
from alerts.actions.item import Draft
from pages._shared.text import t, word
from tests.browser.served import Visit, serve
from warehouse import ops

NUMBER = "T2025-001"
AT = datetime(2025, 3, 17, 9)


@pytest.mark.deep
def test_the_slower_of_two_browsers_is_told_who_changed_what(browser: Any, demo_home: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    kept = ops.open_ops(url)
    told = Draft(source="review", problem="等待久", kind="staffing", owner_dept="CARE", begins_on=AT.date(),
                 due_on=date(2025, 4, 20))  # fmt: skip
    store.start(kept, told, "manager", AT, NUMBER)
    with serve(demo_home, tmp_path / "server.log", LOOKOUT_OPS_URL=url) as base:
        windows = [Visit(browser, base, lang="zh") for _ in range(2)]
        for window, role in zip(windows, ("handler", "supervisor"), strict=True):
            window.open(f"/actions?role={role}&lang=zh&action={NUMBER}")
        faster, slower = windows
        faster.page.get_by_role("button", name=word("action.deed", "accept", "zh"), exact=False).first.click()
        faster.settle()
        assert t("action.kept", "zh", did=word("action.did", "accept", "zh")) in faster.said
        page = slower.page
        page.get_by_role("button", name=word("action.deed", "close", "zh"), exact=False).first.click()
        page.get_by_label(t("warning.note_needed", "zh")).last.fill("与另一项合并")
        page.locator(f".st-key-do_close_{NUMBER}_0 button").click()
        slower.settle()
        assert word("role", "handler", "zh") in slower.said and word("action.did", "accept", "zh") in slower.said
        assert t("action.meanwhile", "zh", told="").split("。")[0] in slower.said
        for window in windows:
            assert window.faults == []
            window.close()
    found = register.one(kept, NUMBER)
    assert found is not None and (found.state, found.revision) == ("doing", 1)
