"""Who waits is told what for, and nobody else sees a wheel turn."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from pages._shared import waits
from warehouse.query import Filters

MANY, FEW = waits.MANY, waits.MANY - 1
FREE, SUMMED = {"channel_code": ["APP"]}, {"region_code": ["321002"], "type_l1": ["NET"]}


def frame(n: int, period: str, chosen: dict[str, list[str]]) -> Any:
    reader = SimpleNamespace(n_rows=lambda table: n)
    return SimpleNamespace(reader=reader, period=period, filters=Filters.of(chosen), lang="en")


@pytest.mark.parametrize(
    ("n", "period", "chosen", "is_told"),
    [
        (MANY, "week", FREE, True),
        (MANY, "year", {}, True),
        (MANY, "all", SUMMED, True),
        (MANY, "week", SUMMED, False),
        (FEW, "year", FREE, False),
    ],
)
def test_only_who_may_wait_is_told(n: int, period: str, chosen: dict[str, list[str]], is_told: bool) -> None:
    with (
        patch.object(waits.st, "spinner", return_value=nullcontext()) as spinner,
        waits.reading(frame(n, period, chosen)),
    ):
        pass
    assert spinner.called == is_told
    if is_told:
        assert "(500.0k)" in spinner.call_args.args[0]
