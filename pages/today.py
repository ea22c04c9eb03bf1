"""今日 Today: is it better or worse, what moved it, what needs doing.

Numbers come from the measures, words from findings.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alerts.board import Matter
from pages._shared import charts, data, findings, numbers, other_sources, states, verdicts
from pages._shared.blocks import district, month, movers, warning_today
from pages._shared.blocks import weeks as weeks_block
from pages._shared.frame import Frame, current
from pages._shared.text import noun, t
from pages._shared.tiles import Tile, tile_grid
from warehouse.measures import measures
from warehouse.periods import Comparison, Period, days, weeks

TILES = ("M01", "M02", "M04", "M07", "M09", "M14", "M18_N", "M22_OPEN")
BESIDE = ("M03", "M22_N", "M24", "M23_TODAY")
# What waits, each a way to its rows on the due board.
WAITING = ("M23_TODAY", "M22_OPEN", "M24")
TREND_WEEKS = 13


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        other_sources.show(frame)
        return
    comparison = frame.comparison
    shown = data.supported(TILES)
    history = _history(frame, comparison)
    asked = data.figures(
        [*shown, *data.supported(BESIDE)], frame.viewer, [*comparison.periods, *history], (), frame.filters
    )
    now = findings.row_of(asked, "now")
    st.title(t("today.title", frame.lang, period=findings.period_text(comparison.now, frame.lang)))
    if now is None or now["M01"] == 0:
        states.empty(frame)
        return
    if now["is_small"]:
        states.suppressed(frame)
        return
    _verdict(frame, comparison, asked)
    warnings = warning_today.waiting(frame)
    _to_do(frame, asked, warnings)
    tile_grid([_tile(frame, i, asked, comparison, history) for i in shown], frame.lang)
    states.unsupported(frame, TILES)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        movers.show(frame, comparison, shown)
    with right:
        warning_today.worst(frame, warnings)
        month.show(frame)
    left, right = st.columns([5, 7], gap="medium")
    with left:
        district.show(frame, comparison)
    with right:
        weeks_block.show(frame, _trend_measure(shown))


def _history(frame: Frame, comparison: Comparison) -> list[Period]:
    """Thirteen periods for the sparklines: days for a day, otherwise weeks."""
    if frame.period == "yesterday":
        return days(comparison.now, TREND_WEEKS)
    return weeks(frame.as_of, TREND_WEEKS)


def _verdict(frame: Frame, comparison: Comparison, asked: pd.DataFrame) -> None:
    """One sentence: volume against both predecessors, what moved it, and how timeliness stands to its target."""
    lang = frame.lang
    kinds = data.holidays(frame.viewer)
    row = findings.row_of(asked, "now")
    assert row is not None
    against = findings.change_of("M01", asked, "before", comparison, kinds, lang)
    year = findings.change_of("M01", asked, "year_ago", comparison, kinds, lang)
    parts = [
        t(
            "today.verdict_volume",
            lang,
            n=numbers.count(row["M01"], lang),
            change=against.text,
            word=against.long_word,
            year=year.long_word if year.verdict == "holiday" else year.text,
        )
    ]
    told = data.explained("M01", frame.viewer, comparison, movers.DIMENSIONS, frame.filters)
    parts.append(findings.cause(told, frame.name, lang))
    if "M04" in asked and not pd.isna(row["M04"]):
        target = frame.workspace.settings.targets.get("M04")
        value = numbers.rate(row["M04"], lang)
        if target:
            aim, short = numbers.rate(target.value, lang), target.value - float(row["M04"])
            gap = numbers.pp(short, lang, prose=True, signed=False)
            if short > 0:
                parts.append(t("today.verdict_below", lang, value=value, target=aim, gap=gap))
            else:
                parts.append(t("today.verdict_met", lang, value=value, target=aim))
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))


def _to_do(frame: Frame, asked: pd.DataFrame, warnings: list[Matter] | None) -> None:
    """今天要办: counts of what waits, each a way to it on the due board."""
    row = findings.row_of(asked, "now")
    shown = [i for i in WAITING if row is not None and i in row]
    if row is None or not (shown or warnings):
        return
    box = st.container(horizontal=True, vertical_alignment="center", key="to_do")
    box.markdown(f"**{t('today.to_do', frame.lang)}**", width="content")
    warning_today.count(frame, box, warnings)
    for measure in shown:
        said = f"{measures()[measure].name(frame.lang)} {numbers.count(row[measure], frame.lang, 'tickets')}"
        help_text = data.measure_help(measure, frame.lang)
        if box.button(said, key=f"waiting_{measure}", help=help_text, icon=":material/timer:"):
            st.session_state.update(waiting=measure, view="due")
            st.switch_page("pages/flow.py")


def _tile(frame: Frame, measure: str, asked: pd.DataFrame, comparison: Comparison, history: list[Period]) -> Tile:
    lang, entry = frame.lang, measures()[measure]
    kinds = data.holidays(frame.viewer)
    row = findings.row_of(asked, "now")
    assert row is not None
    aim = frame.workspace.settings.targets.get(measure)
    value = None if pd.isna(row[measure]) else float(row[measure])
    n = None if pd.isna(row[f"{measure}_n"]) else int(row[f"{measure}_n"])
    lamp = None
    if aim is not None:
        lamp = verdicts.lamp(value, aim.value, good=entry.good, lang=lang, kind=findings.kind_of(entry), n=n)
    by_period = asked.set_index("period")
    points = [by_period[measure].get(p.id) for p in history]
    note = ""
    if measure == "M04" and "M03" in row and not pd.isna(row["M03"]):
        note = t("today.strict", lang, value=numbers.rate(row["M03"], lang))
    said = findings.value_text(measure, value, lang)
    return Tile(
        key=measure,
        name=entry.name(lang),
        value=said,
        unit=noun(entry.unit.zh if lang == "zh" else entry.unit.en, said, lang) if entry.kind == "count" else "",
        help=data.measure_help(measure, lang),
        change=findings.change_of(measure, asked, "before", comparison, kinds, lang),
        spark=charts.sparkline(points),
        last_year=findings.change_of(measure, asked, "year_ago", comparison, kinds, lang)
        if comparison.year_ago
        else None,
        target=numbers.target(aim.value, findings.kind_of(entry), lang) if aim else "",
        lamp=lamp,
        sample=numbers.count(n, lang) if entry.kind in ("rate", "mean", "quantile") else "",
        note=note,
        on_click=(lambda: _show_movers(measure)) if measure in movers.explainable(list(TILES)) else None,
    )


def _show_movers(measure: str) -> None:
    st.session_state["moved"] = measure


def _trend_measure(shown: list[str]) -> str:
    """The trend follows the measure whose movement is open."""
    choices = movers.explainable(shown)
    chosen = st.session_state.get("moved")
    return chosen if chosen in choices else choices[0]


main()
