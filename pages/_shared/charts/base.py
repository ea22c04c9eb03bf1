"""What all charts have in common: configuration, locale, wrapped titles, axes, steps of a ramp.

No chart is drawn here and no data are aggregated: frames come in at the grain that is shown.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from pages._shared.numbers import Kind, fixed
from pages._shared.text import Lang, t, word
from pages._shared.theme import CHART_HEIGHT, FONT, RADIUS, Mode, Palette, palette

TITLE_SIZE = 15
LABEL_SIZE = 12
SUBTITLE_EMS = 27  # fits a phone; Vega-Lite cannot break a subtitle by width
AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart

PICK = "pick"  # the name under which a page reads a click: event["selection"]["pick"]
# The plot width decides how the title breaks; each limit carries the width to wrap for below it.
_BREAKS = (200, 240, 270, 300, 340, 380, 430, 490, 560, 650, 780)
_DOT = " · "
_AXIS_ROOM = 20  # the title also runs over the axis, which the plot width leaves out
_NO_LINE_START = "，。、；：！？）》”’,.;:!?)%"


def chart_config(lang: Lang, mode: Mode) -> dict[str, Any]:
    """Vega-Lite configuration of one language and mode.

    The background is opaque: when a viewer switches the theme, the old picture stays readable.
    """
    p = palette(mode)
    text = {
        "labelFontSize": LABEL_SIZE,
        "titleFontSize": LABEL_SIZE,
        "labelColor": p.muted,
        "titleColor": p.muted,
    }
    return {
        "background": p.background,
        "font": FONT,
        "padding": {"left": 2, "right": 8, "top": 4, "bottom": 4},
        "locale": {"number": _number_locale(), "time": _time_locale(lang)},
        "view": {"stroke": None},
        "axis": {
            **text,
            "titleFontWeight": "normal",
            "domainColor": p.border,
            "gridColor": p.border,
            "gridOpacity": 0.7,
            "ticks": False,
            "labelPadding": 6,
            "labelSeparation": 8,
        },
        "legend": {**text, "titleFontWeight": "normal", "symbolStrokeWidth": 0, "labelLimit": 260},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": p.text,
            "fontSize": TITLE_SIZE,
            "fontWeight": 600,
            "lineHeight": 20,
            "subtitleColor": p.muted,
            "subtitleFontSize": LABEL_SIZE,
            "subtitleLineHeight": 17,
            "subtitlePadding": 7,
            "offset": 10,
        },
        "text": {"color": p.text, "fontSize": LABEL_SIZE},
        "bar": {"cornerRadiusEnd": RADIUS / 3},
    }


def finish(
    chart: AnyChart,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    height: int = CHART_HEIGHT,
) -> AnyChart:
    """The chart with its finding, its measure line, its height in px, and the configuration."""
    head = alt.TitleParams(
        text=_title(title), limit=4000, subtitle=measure_lines(subtitle, SUBTITLE_EMS) if subtitle else []
    )
    done = chart.properties(title=head, height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    return done.configure(**chart_config(lang, mode))


def wrap(text: str, ems: float) -> list[str]:
    """Lines of at most `ems` full-width characters. Chinese breaks anywhere but before closing marks."""
    lines: list[str] = []
    line = ""
    for token in _tokens(text):
        if line and ems_of(line + token.rstrip()) > ems and token.strip() not in _NO_LINE_START:
            lines.append(line.rstrip())
            line = token.lstrip()
        else:
            line += token
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def wrap_back(text: str, ems: float) -> list[str]:
    """As few lines of at most `ems` as it takes, filled from the end: 网上 / 营业厅, as the head of a name stands last.

    A Latin word is never broken, however long.
    """
    tokens = _tokens(text)

    def filled(room: float) -> list[str]:
        lines = [""]
        for token in reversed(tokens):
            if lines[0] and ems_of((token + lines[0]).rstrip()) > room:
                lines.insert(0, token)
            else:
                lines[0] = token + lines[0]
        return [line.strip() for line in lines]

    widest = filled(ems)
    tighter = (filled(n / 2) for n in range(2, int(2 * ems) + 1))
    return next((lines for lines in tighter if len(lines) <= len(widest)), widest)


def measure_lines(text: str, ems: float) -> list[str]:
    """A subtitle in lines of at most `ems`: broken at its " · ", else evenly."""
    if ems_of(text) <= ems:
        return [text]
    parts = text.split(_DOT)
    if len(parts) > 1:
        lines = [""]
        for part in parts:
            joined = f"{lines[-1]}{_DOT}{part}" if lines[-1] else part
            if ems_of(joined) <= ems:
                lines[-1] = joined
            else:
                lines += measure_lines(part, ems)
        return [line for line in lines if line]
    least = len(wrap(text, ems))
    tighter = (wrap(text, e) for e in range(int(ems_of(text) / least), int(ems)))
    return next((lines for lines in tighter if len(lines) <= least), wrap(text, ems))


def ems_of(text: str) -> float:
    """Width of a text in full-width characters."""
    return sum(1.0 if ord(c) > 0x2E7F or c in "“”…—" else 0.54 for c in text)


def beside(texts: Sequence[str], size: int = LABEL_SIZE) -> list[Any]:
    """The range of a scale that leaves room at the right for the longest of the texts."""
    room = math.ceil(max((ems_of(text) for text in texts), default=0.0) * size) + 10
    return [0, alt.ExprRef(expr=f"max(width - {room}, width / 4)")]


def number_axis(kind: Kind, lang: Lang, **options: Any) -> alt.Axis:
    """An axis with 万/亿 in Chinese, k/M in English, % for rates, hours for durations."""
    return alt.Axis(labelExpr=number_expression(kind, lang), **{"title": None, "tickCount": 4, **options})


def number_expression(kind: Kind, lang: Lang) -> str:
    """The Vega expression that writes `datum.value`."""
    if kind == "rate":
        return "format(datum.value, '.0%')"
    if kind == "duration":
        return f"format(datum.value / 60, '~r') + {json.dumps(t('unit.hours', lang, n=''), ensure_ascii=False)}"
    small, large = (1e4, 1e8) if lang == "zh" else (1e3, 1e6)
    signs = (t("unit.myriad", lang, n=""), t("unit.hundred_million", lang, n=""))
    units = [json.dumps(sign, ensure_ascii=False) for sign in signs]
    # Ticks under 10,000 stay whole in both languages, as the counts beside them do.
    return (
        f"abs(datum.value) >= {large:.0f} ? format(datum.value / {large:.0f}, ',.2~f') + {units[1]} : "
        f"abs(datum.value) >= 10000 ? format(datum.value / {small:.0f}, ',.1~f') + {units[0]} : "
        "format(datum.value, ',.2~f')"
    )


def lookup_expression(labels: Mapping[Any, str | list[str]]) -> str:
    """A Vega expression that writes `datum.value` from a table (ticks that are not numbers to read, names in lines)."""
    return f"{json.dumps({str(k): v for k, v in labels.items()}, ensure_ascii=False)}[datum.value]"


def pick(fields: Sequence[str], *, nearest: bool = False) -> alt.Parameter:
    """The one click selection that pages read."""
    return alt.selection_point(name=PICK, fields=list(fields), on="click", nearest=nearest, empty=True)


def dimmed(selected: alt.Parameter | None) -> Any:
    """Opacity that steps the unselected back."""
    if selected is None:
        return alt.value(1)
    return alt.condition(selected, alt.value(1), alt.value(0.35))


def steps(values: Sequence[float], p: Palette, *, from_zero: bool) -> tuple[list[float], list[str]]:
    """Edges (k+1) and colours (k, at most six) of equal, round steps that hold all values."""
    low, high = (0.0 if from_zero else min(values)), max(values)
    span = (high - low) or abs(high) or 1.0
    raw = span / len(p.sequential)
    base = 10.0 ** math.floor(math.log10(raw))
    for size in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20):
        step = base * size
        start = math.floor(low / step + 1e-9) * step
        k = max(1, math.ceil((high - start) / step - 1e-9))
        if k <= len(p.sequential):
            break
    edges = [round(start + i * step, 10) for i in range(k + 1)]
    if k == 1:
        return edges, [p.sequential[2]]
    return edges, [p.sequential[round(i * (len(p.sequential) - 1) / (k - 1))] for i in range(k)]


def step_of(value: float, edges: Sequence[float]) -> int:
    """The index of the step that holds `value`; the last edge belongs to the last step."""
    for i in range(len(edges) - 2, 0, -1):
        if value >= edges[i]:
            return i
    return 0


def step_labels(edges: Sequence[float], kind: Kind) -> list[str]:
    """ "6.0–7.0" for every step; rates in %."""
    scale, places = (100, 1) if kind == "rate" else (1, 0)
    while places < 3 and any(abs(e * scale - round(e * scale, places)) > 1e-9 for e in edges):
        places += 1
    while places and all(abs(e * scale - round(e * scale, places - 1)) < 1e-9 for e in edges):
        places -= 1
    end = "%" if kind == "rate" else ""
    texts = [fixed(e * scale, places) for e in edges]
    return [f"{a}–{b}{end}" for a, b in zip(texts, texts[1:], strict=False)]


def hatch(p: Palette) -> dict[str, Any]:
    """A striped fill for suppressed cells: grey alone could be read as a low value."""
    a, b = p.gray.tint, p.border
    stops = []
    for i in range(8):
        stops += [
            {"offset": i / 8, "color": a if i % 2 else b},
            {"offset": (i + 1) / 8, "color": a if i % 2 else b},
        ]
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}


def _title(title: str) -> Any:
    expression = json.dumps(wrap(title, _BREAKS[0] / TITLE_SIZE), ensure_ascii=False)
    lines = wrap(title, _BREAKS[0] / TITLE_SIZE)
    if len(lines) == 1:
        return title
    for least in _BREAKS:
        wider = wrap(title, (least + _AXIS_ROOM) / TITLE_SIZE)
        if wider != lines:
            lines = wider
            expression = f"width >= {least} ? {json.dumps(lines, ensure_ascii=False)} : ({expression})"
    return alt.ExprRef(expr=expression)


def _tokens(text: str) -> list[str]:
    """Latin words with the space after them, and single Chinese characters; a number keeps its unit: 19件."""
    return re.findall(r"\d[\d.,]* ?[件份条次个天]|[\u0021-\u2E7F]+\s*|[^\u0021-\u2E7F]\s*", text)


def _number_locale() -> dict[str, Any]:
    return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["¥", ""]}


def _time_locale(lang: Lang) -> dict[str, Any]:
    days = [word("weekday", i, lang) for i in (7, 1, 2, 3, 4, 5, 6)]
    months = [word("month", i, lang) for i in range(1, 13)]
    zh = lang == "zh"
    return {
        "dateTime": "%Y年%-m月%-d日 %H:%M" if zh else "%-d %b %Y %H:%M",
        "date": "%Y年%-m月%-d日" if zh else "%-d %b %Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": days,
        "shortDays": days,
        "months": [f"{m}月" for m in months] if zh else months,
        "shortMonths": [f"{m}月" for m in months] if zh else months,
    }
