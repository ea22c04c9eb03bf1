"""服务触点: where one of its figures is worst: at which hour, with which topic, in which business or district."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pages._shared import charts, clicks, data, draw, findings, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.analysis.worst import worst
from warehouse.figures import add_values
from warehouse.measures import measures
from warehouse.query import SMALL_CELL

GROUPS: Final = {
    "M34": ["topic"], "M34_KEPT": ["topic"], "M41": ["op_name", "channel_code"], "M42": ["region_code"],
    "M59": ["hour_of_day"],
}  # fmt: skip
MOST: Final = 8


def show(frame: Frame, measure: str) -> None:
    """The worst groups of the period, the worst first, and whether the first is worse beyond chance."""
    lang, entry, by = frame.lang, measures()[measure], GROUPS[measure]
    asked = data.figures([measure], frame.viewer, [frame.comparison.now], by, frame.filters)
    asked = asked.dropna(subset=[measure])
    if frame.viewer.level == "L1" and measure == "M42" and asked["M42_num"].between(1, SMALL_CELL - 1).any():
        states.suppressed(frame)
        return
    if asked.empty:
        states.empty(frame)
        return
    asked = asked.sort_values([measure, *by], ascending=[entry.good == "up", *([True] * len(by))], ignore_index=True)
    shape = pd.DataFrame(
        {
            "label": [_label(frame, by, row) for row in asked.to_dict("records")],
            "key": asked[by[-1]].astype(str),
            "value": asked[measure].astype(float),
            "low": asked[f"{measure}_low"] if entry.kind == "rate" else None,
            "high": asked[f"{measure}_high"] if entry.kind == "rate" else None,
            "n": asked[f"{measure}_n"],
        }
    ).head(MOST)
    aim = frame.workspace.settings.targets.get(measure)
    title = _title(frame, measure, asked, str(shape["label"].iloc[0]))
    subtitle = t("service.groups_subtitle", lang, period=findings.period_text(frame.comparison.now, lang))
    clicked = {"M41": "channel_code", "M42": "region_code"}.get(measure)
    options = clicks.narrowing(frame, f"service_{measure}", {"key": clicked}) if clicked else {}
    draw.show(
        charts.ranked_bars(
            shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, kind=findings.kind_of(entry),
            target=aim.value if aim else None, with_n=True, select=clicked is not None,
        ),
        alt=charts.ranked_alt(shape, lang=lang, title=title), **options,
    )  # fmt: skip


def _title(frame: Frame, measure: str, asked: pd.DataFrame, label: str) -> str:
    lang, entry = frame.lang, measures()[measure]
    top, base = asked[f"{measure}_num"].astype(float), asked[f"{measure}_den"].astype(float)
    found = worst(top, base, high_is_bad=entry.good == "down", is_rate=entry.kind == "rate")
    whole = add_values(pd.DataFrame({f"{measure}_num": [top.sum()], f"{measure}_den": [base.sum()]}), [measure])
    said = {"whole": findings.value_text(measure, float(whole[measure].iloc[0]), lang), "where": label}
    said["value"] = findings.value_text(measure, float(asked[measure].iloc[0]), lang)
    return t("service.worst" if found and found.is_beyond_chance else "service.alike", lang, **said)


def _label(frame: Frame, by: list[str], row: dict[Any, Any]) -> str:
    if by == ["hour_of_day"]:
        return t("chart.hour_span", frame.lang, hour=int(row["hour_of_day"]), next=int(row["hour_of_day"]) + 1)
    names = (frame.name(name, row[name]) for name in by)
    return " · ".join(n if n not in ("None", "nan") else numbers.DASH for n in names)
