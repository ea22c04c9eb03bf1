"""The three panels of the screen on the wall: how we stand, where it is worst, what warns. Sums only, no rows.

Which panel is shown, and when the next one is, the page decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import streamlit as st

from pages._shared import badges, charts, data, draw, findings, numbers, states
from pages._shared.blocks import district, today_tiles, warning_today
from pages._shared.blocks import weeks as weeks_block
from pages._shared.frame import Frame
from pages._shared.maps import district_table
from pages._shared.text import t, word
from pages._shared.theme import SEVERITY
from pages._shared.tiles import tile_grid
from warehouse.measures import measures

_MAP_HEIGHT, _TREND_HEIGHT = 400, 280
_MOST = 8  # districts listed


def link(frame: Frame) -> str:
    """How a screen opens the wall: dark, without the frame of the app, in the language of who looks."""
    return f"/wall?role=wall&lang={frame.lang}&embed=true&embed_options=dark_theme"


def head(frame: Frame, panel: str) -> None:
    """Whose city, which panel, as of when, simulated or not."""
    lang, space = frame.lang, frame.workspace
    name = space.settings.name.zh if lang == "zh" else space.settings.name.en
    row = st.container(horizontal=True, vertical_alignment="center", key="wall_head")
    row.title(t("wall.head", lang, city=name, panel=word("wall.panel", panel, lang)), width="content", anchor=False)
    if frame.reader.info["is_synthetic"]:
        badges.simulated_badge(row, lang)
    row.space("stretch")
    as_of = row.container(key="wall_as_of", width="content")
    as_of.header(t("badge.as_of", lang, moment=numbers.moment(frame.as_of, lang)), width="content", anchor=False)


def foot(frame: Frame, panel: str) -> None:
    """Which of the panels this is, and what a map must say in public."""
    lang, place = frame.lang, frame.workspace.settings.place
    names = list(PANELS)
    said = [" ".join("●" if name == panel else "○" for name in names)]
    if panel == "districts":
        own = (place.note.zh if lang == "zh" else place.note.en) if place.note else ""
        said.append(t("map.sketch", lang, approval=place.approval) if place.approval else t("map.sketch_plain", lang))
        said.append(own)
    states.note(" ".join(part for part in said if part))


def today(frame: Frame) -> None:
    """The sentence of the first page and its tiles."""
    comparison = frame.comparison
    shown = data.supported(today_tiles.TILES)
    history = today_tiles.history(frame, comparison)
    asked = data.figures([*shown, *data.supported(today_tiles.BESIDE)], frame.viewer, [*comparison.periods, *history])
    now = findings.row_of(asked, "now")
    if now is None or now["M01"] == 0 or now["is_small"]:
        states.nothing(frame, now is not None and bool(now["is_small"]))
        return
    period = findings.period_text(comparison.now, frame.lang)
    st.markdown("## " + t("wall.today", frame.lang, period=period) + today_tiles.verdict(frame, comparison, asked))
    tile_grid([today_tiles.tile(frame, i, asked, comparison, history) for i in shown], frame.lang)


def districts(frame: Frame) -> None:
    """Complaints by district for every ten thousand users, as a map and as a list."""
    lang, comparison = frame.lang, frame.comparison
    found = district.by_district(frame, comparison)
    if found is None or found[0].empty:
        states.no_map(frame)
        return
    shape, located = found
    title, unit = district.finding(frame, shape), measures()["M02"].unit
    st.markdown(f"## {findings.period_text(comparison.now, lang)} · {title}")
    left, right = st.columns([8, 4], gap="medium")
    with left:
        draw.show(
            district.drawn(frame, shape, has_finding=False, height=_MAP_HEIGHT),
            alt=charts.map_alt(shape, lang=lang, title=title) + " " + located,
        )
    with right:
        rows = district_table(shape, lang=lang).head(_MOST)
        grid = st.grid(columns=2, min_column_width=120, gap="small", key="wall_districts")
        for place, row in enumerate(rows.itertuples(), 1):
            box = grid.container(border=True, key=f"wall_district_{place}")
            box.metric(f"{place} · {row.name}", str(row.text))
        states.note(f"{measures()['M02'].name(lang)} · {unit.zh if lang == 'zh' else unit.en}")
        states.note(located)


def warnings(frame: Frame) -> None:
    """How many warnings wait, by severity, of how many departments; thirteen weeks of complaints beside them."""
    lang = frame.lang
    found = warning_today.waiting(frame)
    if found is None:
        st.markdown("## " + t("wall.no_rules", lang))
    else:
        by = Counter(str(m.severity) for m in found)
        unseen = Counter(str(m.severity) for m in found if m.state in warning_today.UNSEEN)
        st.markdown(
            "## " + t("wall.warnings" if found else "wall.calm", lang, n=len(found), unseen=sum(unseen.values()))
        )
        grid = st.grid(columns=len(SEVERITY), min_column_width=150, gap="small", key="wall_severities")
        for name, mark in SEVERITY.items():
            box = grid.container(border=True, gap="xsmall", key=f"wall_{name}")
            label = f":{mark.colour}[{mark.glyph} {word('severity', name, lang)}]"
            box.metric(label, numbers.count(by[name], lang))
            box.markdown(f":small[:gray[{t('wall.unseen', lang, n=unseen[name])}]]")
    weeks_block.show(frame, "M01", _TREND_HEIGHT)


PANELS: dict[str, Callable[[Frame], None]] = {"today": today, "districts": districts, "warnings": warnings}
