"""未办结曲线: the share of tickets still open by hour, per type, against the limits; and the regulator's floors."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_flow, draw, findings, hidden, numbers, states
from pages._shared.blocks.limits_kept import enough
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.analysis.survival import share_at
from warehouse.policies import FINAL, Limit, regimes
from warehouse.workspace import WorkingHours

LAST_HOUR = 15 * 24 + 24  # one day beyond the 15-day floor
FLOORS = ("REG-FLOOR", "REG-12315", "REG-APPEAL", "LOCAL-REF", "PROMISE")
LEAST_N = 30


def show(frame: Frame) -> None:
    _curve(frame)
    _floors(frame)


def _limits(frame: Frame) -> list[tuple[float, str]]:
    """The general final limits in force, and the 15-day floor: hour and name."""
    lang, found = frame.lang, []
    ids = [a.policy for a in frame.workspace.settings.policies]
    for i in [*ids, "REG-FLOOR"]:
        general = next((r for r in regimes()[i].rows if r.stage == FINAL and not r.selectors()), None)
        hours = _hours(general)
        if hours is not None:
            found.append((hours, f"{regimes()[i].name(lang)} {numbers.duration(hours * 60, lang).replace('.0', '')}"))
    return found


def _hours(row: Limit | None) -> float | None:
    seconds = None if row is None else row.seconds(WorkingHours())
    return None if seconds is None else seconds / 3600


def _curve(frame: Frame) -> None:
    lang = frame.lang
    curves = data_flow.open_curves(frame.viewer, frame.comparison.now, frame.filters, LAST_HOUR)
    asked = data.figures(["M01"], frame.viewer, [frame.comparison.now], ["type_l1"], frame.filters)
    seen = hidden.visible(frame, asked, "M01_num").sort_values("M01", ascending=False)["type_l1"]
    shape = pd.concat([curves[curves["type_l1"] == k] for k in seen]) if len(seen) else curves.iloc[:0]
    shape = shape[shape["n_at_risk"] > 0] if len(shape) else shape
    large = [k for k in seen if shape.loc[shape["type_l1"] == k, "n_at_risk"].max() >= LEAST_N]
    shape = shape[shape["type_l1"].isin(large)]
    whole = curves[curves["type_l1"] == ""]
    if shape.empty or whole.empty:
        states.few(frame)
        return
    shape = shape.assign(key=shape["type_l1"], label=[frame.name("type_l1", k) for k in shape["type_l1"]])
    limits = _limits(frame)
    title = _title(shape, lang)
    subtitle = t(
        "curve.subtitle",
        lang,
        n=numbers.count(whole["n_at_risk"].max(), lang),
        period=findings.period_text(frame.comparison.now, lang),
    )
    draw_curve = partial(
        charts.open_curve,
        shape,
        lang=lang,
        mode=frame.mode,
        title=title,
        subtitle=subtitle,
        limits=limits,
        last_hour=LAST_HOUR,
    )
    at = {k: share_at(part, 48) for k, part in shape.groupby("label", sort=False)}
    spoken = pd.DataFrame({"label": list(at), "value": [v if v is not None else float("nan") for v in at.values()]})
    alt = charts.ranked_alt(spoken.dropna(), lang=lang, title=title)
    draw.show(draw_curve(select=True), alt=alt, **clicks.narrowing(frame, "open_curve", {"key": "type_l1"}))
    with st.expander(t("word.evidence", lang)):
        click = clicks.narrowing(frame, "open_curve_evidence", {"key": "type_l1"})
        draw.show(draw_curve(evidence=True, select=True), alt=alt, **click)
        states.note(t("curve.method", lang))


def _title(shape: pd.DataFrame, lang: Lang) -> str:
    """Which type stays open longest: the share after two days."""
    after = {label: share_at(part, 48) for label, part in shape.groupby("label", sort=False)}
    known = {k: v for k, v in after.items() if v is not None}
    if not known:
        return t("curve.title", lang)
    slow = max(known, key=lambda k: known[k])
    return t("curve.slowest", lang, type=slow, share=numbers.rate(known[slow], lang))


def _floors(frame: Frame) -> None:
    """What the regulator and promises demand, and how it was kept."""
    lang = frame.lang
    told = data_flow.judged(frame.viewer, frame.comparison.now, frame.filters)
    told = told[told["policy_id"].isin(FLOORS) & (told["n"] > 0)]
    told = told[enough(frame, told["n"])]
    if told.empty:
        return
    order = told["policy_id"].map(FLOORS.index)
    told = told.loc[order.sort_values(kind="stable").index]
    st.subheader(t("floors.title", lang))
    shape = pd.DataFrame(
        {
            "name": [regimes()[i].name(lang) for i in told["policy_id"]],
            "stage": [word("stage", s, lang) for s in told["stage"]],
            "limit": [_stage_limits(i, s, lang) for i, s in zip(told["policy_id"], told["stage"], strict=True)],
            "n": [numbers.count(v, lang) for v in told["n"]],
            "matured": [numbers.rate(v, lang) for v in told["matured"]],
            "late": [numbers.count(v, lang) for v in told["n_late"]],
            "overdue": [numbers.count(v, lang) for v in told["n_overdue"]],
        }
    )
    headers = {c: t(f"floors.column_{c}", lang) for c in shape}
    states.small_table(shape, headers, alt=t("floors.title", lang), left=("name", "limit"))
    states.note(t("floors.note", lang))


def _stage_limits(policy: str, stage: str, lang: Lang) -> str:
    """The limits of one stage in words, such as 城镇 48小时、农村 72小时."""
    said = []
    for row in regimes()[policy].rows:
        if row.stage != stage or row.limit in (None, "none"):
            continue
        number, _, unit = str(row.limit).partition(" ")
        text = word("policy.unit", unit, lang, n=number) if unit else t("policy.limit.promised", lang)
        area = f"{word('policy.area', row.area, lang)} " if row.area else ""
        said.append(area + text)
    return t("chart.list_separator", lang).join(said)
