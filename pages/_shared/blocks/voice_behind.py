"""Behind a reason or a circumstance of dissatisfaction: whose answers they are, and the tickets. Opened by a click."""

from __future__ import annotations

import pandas as pd

from pages._shared import charts, clicks, data_voice, draw, findings, numbers, states
from pages._shared.blocks import repeat_lists
from pages._shared.data_voice import FLAGS
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.periods import Period
from warehouse.query import SMALL_CELL

BAD = 3  # answer_code: dissatisfied
COLUMNS = ("ticket_id", "accepted_at", "feedback_at", "reason", "type_code", "region_code", "owner_dept", "priority")


def choose(frame: Frame) -> str:
    """The reason or circumstance that was clicked, with the way back to all; "" where there is none."""
    asked = data_voice.counts(frame.viewer, "M09_BAD", ["reason"], frame.comparison.now, frame.filters)
    known = [*FLAGS, *(str(r) for r in asked["reason"].dropna() if r != "UNKNOWN")]
    return clicks.choice("why", known, lambda key: t("chart.only", frame.lang, name=_name(frame, key)))


def told(frame: Frame, groups: pd.DataFrame, total: float) -> pd.DataFrame:
    """Groups of dissatisfied answers that this role may see, most first. What is too few joins the rest; a rest of a
    few would be told by the total."""
    groups = groups.sort_values("M09_BAD_num", ascending=False)
    if frame.viewer.level != "L1":
        return groups
    groups = groups[groups["M09_BAD_num"] >= SMALL_CELL]
    if 0 < total - groups["M09_BAD_num"].sum() < SMALL_CELL and len(groups):
        groups = groups.iloc[:-1]
    return groups


def show(frame: Frame, chosen: str) -> None:
    """Dissatisfied answers of the choice by department, and the tickets one by one for who may see them.

    Circumstances are told over the weeks that they were fitted on, reasons over the chosen period.
    """
    is_flag = chosen in FLAGS
    now = frame.comparison.now
    period = data_voice.window(now) if is_flag else now
    _depts(frame, chosen, is_flag, period)
    if not frame.viewer.sees_rows:
        states.note(t("repeats.no_rows", frame.lang))
        return
    only: repeat_lists.Only = (("answer_code", BAD), (chosen, True) if is_flag else ("reason", chosen))
    title = t("voice.behind_rows", frame.lang, name=_name(frame, chosen))
    repeat_lists.listed(frame, "mart_voice", COLUMNS, title, only, period)


def _depts(frame: Frame, chosen: str, is_flag: bool, period: Period) -> None:
    lang, field = frame.lang, chosen if is_flag else "reason"
    asked = data_voice.counts(frame.viewer, "M09_BAD", [field, "owner_dept"], period, frame.filters)
    found = asked[asked[field].astype(bool) if is_flag else asked[field] == chosen]
    found = found[found["M09_BAD_num"].fillna(0) > 0]
    total = float(found["M09_BAD_num"].sum())
    shown = told(frame, found[found["owner_dept"].notna()], total)
    if shown.empty:
        states.nothing(frame, is_hidden=total > 0)
        return
    shape = pd.DataFrame(
        {
            "key": shown["owner_dept"].astype(str),
            "label": [frame.name("owner_dept", d) for d in shown["owner_dept"]],
            "value": shown["M09_BAD_num"].astype(float),
        }
    )
    said = {"dept": shape["label"].iloc[0], "n": numbers.count(shape["value"].iloc[0], lang)}
    title = t("voice.behind", lang, name=_name(frame, chosen), **said)
    when = findings.period_text(period, lang)
    subtitle = t("voice.behind_subtitle", lang, period=when, n=numbers.count(shape["value"].sum(), lang))
    draw.show(
        charts.count_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True),
        **clicks.narrowing(frame, "voice_behind", {"key": "owner_dept"}),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="count"),
    )


def _name(frame: Frame, chosen: str) -> str:
    return word("voice.flag", chosen, frame.lang) if chosen in FLAGS else frame.name("reason", chosen)
