"""Beside every map: how much of it could be located, without giving away a handful of people."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pages._shared import data, location
from warehouse.viewer import Viewer

NOBODY = pd.DataFrame({"M02_num": [], "is_small": []})


def said(
    monkeypatch: pytest.MonkeyPatch,
    total: int,
    located: int,
    precise: int,
    lang: str = "en",
    role: Any = "manager",
    left_out: pd.DataFrame = NOBODY,
    is_supported: bool = True,
) -> str:
    figures = {
        "period": "now", "is_small": False, "M56_LOC_num": located, "M56_LOC_den": total,
        "M56_GEO_num": precise, "M56_GEO": precise / total if total else None,
    }  # fmt: skip
    monkeypatch.setattr(data, "supported", lambda ids: ids if is_supported else [])
    monkeypatch.setattr(data, "figures", lambda *_: pd.DataFrame([figures]))
    frame: Any = SimpleNamespace(lang=lang, viewer=Viewer.of(role), filters=None)
    return location.sentence(frame, SimpleNamespace(id="now"), left_out)  # type: ignore[arg-type]


def test_located_precisely_located_and_not_located_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        said(monkeypatch, 521, 477, 375)
        == "477 of 521 located (A+B 72.0%), 44 not located and counted by district only"
    )
    assert said(monkeypatch, 521, 477, 375, "zh") == "521件中477件已定位（A+B 72.0%），44件未定位、只计入区县"
    assert said(monkeypatch, 521, 521, 375) == "all 521 located (A+B 72.0%)"


@pytest.mark.parametrize(("located", "precise"), [(518, 375), (3, 0), (477, 2), (477, 475 + 44)])
def test_a_manager_is_not_told_of_a_handful(monkeypatch: pytest.MonkeyPatch, located: int, precise: int) -> None:
    text = said(monkeypatch, 521, located, precise)
    assert text == "521 complaints; fewer than 5 were located otherwise than the rest, so no shares are shown"
    assert str(located) in said(monkeypatch, 521, located, precise, role="analyst")


def test_what_no_district_of_the_map_holds_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame({"M02_num": [12.0, 8.0], "is_small": [False, False]})
    assert said(monkeypatch, 521, 477, 375, left_out=rows).endswith("; 20 in no district of the map are not drawn")
    hidden = pd.DataFrame({"M02_num": [12.0, None], "is_small": [False, True]})
    assert said(monkeypatch, 521, 477, 375, "zh", left_out=hidden).endswith("；<5件不属于图上任何区县，未画出")


def test_a_source_without_positions_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, 521, 0, 0, is_supported=False).startswith("the source gives no positions")


def test_nothing_is_said_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, 0, 0, 0) == ""
