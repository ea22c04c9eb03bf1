"""What the first page says in figures: the tiles and the one sentence above them. Also looked at on the wall."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pages._shared import charts, data, data_movers, findings, numbers, verdicts
from pages._shared.blocks import movers
from pages._shared.blocks.refunds import few
from pages._shared.frame import Frame
from pages._shared.text import noun, t
from pages._shared.theme import palette
from pages._shared.tiles import Tile
from warehouse.measures import measures
from warehouse.periods import Comparison, Period, days, weeks

TILES = ("M01", "M02", "M04", "M07", "M09", "M14", "M18_N", "M22_OPEN")
BESIDE = ("M03", "M18", "M22", "M22_N", "M24", "M23_TODAY")
# The rate that stands in small print on the tile of a count.
RATES = {"M18_N": "M18", "M22_OPEN": "M22"}
TREND_WEEKS = 13


def history(frame: Frame, comparison: Comparison) -> list[Period]:
    """Thirteen periods for the sparklines: days for a day, otherwise weeks."""
    if frame.period == "yesterday":
        return days(comparison.now, TREND_WEEKS)
    return weeks(frame.as_of, TREND_WEEKS)


def verdict(frame: Frame, comparison: Comparison, asked: pd.DataFrame) -> str:
    """One sentence: volume against both predecessors, what moved it, and how timeliness stands to its target."""
    lang = frame.lang
    kinds = frame.day_kinds
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
    told = data_movers.explained("M01", frame.viewer, comparison, movers.DIMENSIONS, frame.filters)
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
    return t("today.join", lang).join(parts) + t("today.stop", lang)


def tile(
    frame: Frame,
    measure: str,
    asked: pd.DataFrame,
    comparison: Comparison,
    earlier: list[Period],
    on_click: Callable[[], None] | None = None,
) -> Tile:
    """One measure with its change, its sparkline over `earlier`, last year and its target."""
    lang, entry = frame.lang, measures()[measure]
    kinds = frame.day_kinds
    row = findings.row_of(asked, "now")
    assert row is not None
    aim = frame.workspace.settings.targets.get(measure)
    value = None if pd.isna(row[measure]) else float(row[measure])
    n = None if pd.isna(row[f"{measure}_n"]) else int(row[f"{measure}_n"])
    lamp = None
    if aim is not None:
        lamp = verdicts.lamp(value, aim.value, good=entry.good, lang=lang, kind=findings.kind_of(entry), n=n)
    by_period = dict(zip(asked["period"], asked[measure], strict=True))
    points = [by_period.get(p.id) for p in earlier]
    note = ""
    if measure == "M04" and "M03" in row and not pd.isna(row["M03"]):
        note = t("today.strict", lang, value=numbers.rate(row["M03"], lang))
    beside = RATES.get(measure)
    if beside is not None and beside in row and not pd.isna(row[beside]) and not few(frame, row, beside):
        share = numbers.rate(row[beside], lang)
        note = t("today.rate_beside", lang, name=measures()[beside].name(lang), value=share)
    said = findings.value_text(measure, value, lang)
    return Tile(
        key=measure,
        name=entry.name(lang),
        value=said,
        unit=noun(entry.unit.zh if lang == "zh" else entry.unit.en, said, lang) if entry.kind == "count" else "",
        help=data.measure_help(measure, lang),
        change=findings.change_of(measure, asked, "before", comparison, kinds, lang),
        spark=charts.sparkline(points, palette(frame.mode)),
        spark_alt=charts.spark_alt(
            [p.first for p in earlier],
            [findings.scaled(entry, v) for v in points],
            lang=lang,
            title=entry.name(lang),
            kind=findings.kind_of(entry),
            grain="day" if frame.period == "yesterday" else "week",
        ),
        last_year=findings.change_of(measure, asked, "year_ago", comparison, kinds, lang)
        if comparison.year_ago
        else None,
        target=numbers.target(aim.value, findings.kind_of(entry), lang) if aim else "",
        lamp=lamp,
        sample=numbers.count(n, lang) if entry.kind in ("rate", "mean", "quantile") else "",
        note=note,
        on_click=on_click,
    )
