"""推演: the past replayed with one rule changed, how many more tickets would have been in time, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages._shared import clicks, data, data_replay, draw, findings, hidden, numbers, states, tables
from pages._shared.blocks import replay_rules
from pages._shared.charts.before_after import before_after, before_after_alt
from pages._shared.data_replay import Question, Replayed
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import t, word
from pages._shared.tiles import Tile
from warehouse.measures import measures

LEAST = 30


@dataclass(frozen=True)
class Told:
    """A replay with what was asked."""

    question: Question
    result: Replayed


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("replay.title", lang))
    whole = data.figures(["M01"], frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    if whole["is_small"] or not whole["M01"]:
        states.nothing(frame, is_hidden=bool(whole["is_small"]))
        return
    if not _has_logs(frame):
        n = numbers.count(whole["M01"], lang, "tickets")
        when = findings.period_text(frame.comparison.now, lang)
        st.markdown("## " + t("replay.no_log", lang, period=when, n=n) + t("today.stop", lang))
        states.note(t("handover.no_log_hint", lang))
        return
    question = replay_rules.choose(frame)
    if question is None:
        return
    with st.spinner(t("replay.running", lang)):
        result = data_replay.replayed(
            frame.viewer, frame.comparison.now, frame.filters, question, replay_rules.partners(frame)
        )
    told = Told(question, result)
    _finding(frame, told)
    _numbers(frame, told)
    left, right = st.columns(2, gap="medium")
    with left:
        _groups(frame, told, "type_l1", result.by_type)
    with right:
        _groups(frame, told, "owner_dept", result.by_dept)
    _changed(frame, told)
    replay_rules.evidence(frame, question, result)


def _has_logs(frame: Frame) -> bool:
    if frame.reader.n_rows("mart_replay_ticket") == 0:
        return False
    asked = data.figures(["M26_N"], frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    return bool(asked["is_small"]) or bool(asked["M26_N"])


def _finding(frame: Frame, told: Told) -> None:
    lang, effect = frame.lang, told.result.strict
    change = replay_rules.in_words(frame, told.question)
    values = {
        "rule": change,
        "period": findings.period_text(frame.comparison.now, lang),
        "before": numbers.rate(effect.before, lang),
        "after": numbers.rate(effect.after, lang),
        "low": numbers.rate(effect.low, lang),
        "high": numbers.rate(effect.high, lang),
        "gain": numbers.pp(effect.after - effect.before, lang, prose=True, signed=False),
    }
    if not told.result.touched:
        key = "replay.finding_nothing"
    elif abs(effect.after - effect.before) < 0.0005:
        key = "replay.finding_none"
    else:
        key = "replay.finding"
    st.markdown("## " + t(key, lang, **values) + t("today.stop", lang))


def _numbers(frame: Frame, told: Told) -> None:
    lang, result = frame.lang, told.result
    tiles = []
    for measure, effect in (("M03", result.strict), ("M04", result.matured)):
        low, high = numbers.rate(effect.low, lang), numbers.rate(effect.high, lang)
        tiles.append(
            Tile(
                key=f"replay_{measure}",
                name=measures()[measure].name(lang),
                value=f"{numbers.rate(effect.before, lang)} → {numbers.rate(effect.after, lang)}",
                help=data.measure_help(measure, lang),
                note=t("replay.between", lang, low=low, high=high),
                sample=numbers.count(effect.n, lang),
            )
        )
    cost = replay_rules.cost(frame, told.question, result)
    tiles.append(
        Tile(
            key="replay_changed",
            name=t("replay.changed", lang),
            value=numbers.count(result.n_changed, lang, "tickets"),
            note=t("replay.changed_note", lang),
        )
    )
    tiles.append(Tile(key="replay_cost", name=cost.name, value=cost.value, note=cost.note))
    grid = st.grid(columns=4, min_column_width=200, gap="small", key="replay_tiles")
    for spec in tiles:
        _tile(grid, spec)


def _tile(grid: object, spec: Tile) -> None:
    """A tile without a change chip: the change is the tile."""
    box = grid.container(border=True, gap="xsmall", height="stretch", key=f"tile_{spec.key}")  # type: ignore[attr-defined]
    box.metric(spec.name, spec.value, help=spec.help or None)
    said = " · ".join(s for s in (spec.note, f"n={spec.sample}" if spec.sample else "") if s)
    if said:
        box.markdown(f":small[:gray[{said}]]")


def _groups(frame: Frame, told: Told, dimension: str, groups: pd.DataFrame) -> None:
    lang = frame.lang
    known = groups[groups[dimension].notna() & (groups["n"] > 0)]
    asked = data.figures(["M01"], frame.viewer, [frame.comparison.now], [dimension], frame.filters)
    allowed = hidden.visible(frame, asked, "M01_num")[dimension]
    shown = known[known[dimension].isin(set(allowed)) & (known["n"] >= LEAST)]
    if shown.empty:
        states.note(t("replay.few", lang, n=LEAST))
        return
    shape = pd.DataFrame(
        {
            "key": shown[dimension].astype(str),
            "label": [frame.name(dimension, c) for c in shown[dimension]],
            **{c: shown[c] for c in ("before", "after", "low", "high", "n")},
        }
    )
    top = shape.loc[(shape["after"] - shape["before"]).idxmax()]
    gain = float(top["after"] - top["before"])
    title = (
        t("replay.group", lang, name=top["label"], gain=numbers.pp(gain, lang, prose=True, signed=False))
        if gain > 0.0005
        else t("replay.group_none", lang)
    )
    draw.show(
        before_after(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t(f"replay.by_{dimension}", lang),
            select=True,
        ),
        **clicks.narrowing(frame, "replay_types" if dimension == "type_l1" else "replay_depts", {"key": dimension}),
        alt=before_after_alt(shape, lang=lang, title=title),
    )
    if len(shown) < len(known):
        states.note(t("replay.few", lang, n=LEAST))


def _changed(frame: Frame, told: Told) -> None:
    """The tickets behind the difference; a replay knows them only as rows, so at most the first of them."""
    lang, rows = frame.lang, told.result.changed
    if not len(rows):
        return
    if not frame.viewer.sees_rows:
        states.note(t("handover.no_rows", lang))
        return
    with st.expander(t("replay.rows", lang, n=numbers.count(told.result.n_changed, lang, "tickets"))):
        shape = pd.DataFrame(
            {
                "ticket_id": rows["ticket_id"],
                "type": [frame.name("type_code", c) for c in rows["type_code"]],
                "dept": [frame.name("owner_dept", c) for c in rows["owner_dept"]],
                "took": [numbers.duration(v / 60, lang) for v in rows["took_s"]],
                "limit": [numbers.duration(v / 60, lang) for v in rows["allowed_s"]],
                "saved": [numbers.duration(v / 60, lang) for v in rows["saved_s"]],
            }
        )
        columns = [
            Column("ticket_id", word("column", "ticket_id", lang)),
            Column("type", word("column", "type_code", lang)),
            Column("dept", word("column", "owner_dept", lang)),
            Column("took", t("handover.column_took", lang)),
            Column("limit", t("replay.column_limit", lang)),
            Column("saved", t("replay.column_saved", lang)),
        ]
        tables.show(st, shape, columns, lang=lang, alt=t("replay.rows", lang, n=len(rows)))
        if told.result.n_changed > len(rows):
            states.note(t("replay.rows_first", lang, n=len(rows)))
