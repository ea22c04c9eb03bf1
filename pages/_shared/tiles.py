"""The KPI tile. What a tile says is decided by the page; here it is only drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._shared.text import Lang, plain, t
from pages._shared.verdicts import Change, Lamp
from warehouse.derived import derived

PER_ROW = 4
MIN_WIDTH = 150  # px: four a row on a desktop, two on a phone
# A name too long for its tile goes on below instead of being cut.
STYLE = """<style>
[class*="st-key-tile_"] [data-testid="stMarkdownContainer"] img { display: block; width: 100%; height: 36px; }
[class*="st-key-tile_"] [data-testid="stMetricLabel"] * { white-space: normal; overflow: visible; }
</style>"""


@dataclass(frozen=True)
class Tile:
    """One measure: its value, the change from the period before (环比), a sparkline and one caption line.

    `key` names the tile in CSS and tests. `sample` is the formatted n, `target` the formatted target.
    `spark` is the address of a picture and `spark_alt` what it shows, for those who hear it or point at it.
    `on_click` adds a button that opens the contribution.
    """

    key: str
    name: str
    value: str
    unit: str = ""
    help: str = ""
    change: Change | None = None
    spark: str = ""
    spark_alt: str = ""
    last_year: Change | None = None
    target: str = ""
    lamp: Lamp | None = None
    sample: str = ""
    note: str = ""
    on_click: Callable[[], None] | None = None


def caption(spec: Tile, lang: Lang) -> str:
    """同比 · 目标及差距 · n as Markdown, without the parts that a measure lacks."""
    parts = []
    if spec.last_year is not None:
        holiday = spec.last_year.verdict == "holiday"
        said = spec.last_year.long_word if holiday else spec.last_year.text
        parts.append(f":gray[{t('tile.last_year', lang, change=said)}]")
    if spec.lamp is not None and spec.target:
        lamp = f":{spec.lamp.colour}[{spec.lamp.word}]"
        aim = t("tile.target", lang, target=spec.target)
        parts.append(f":gray[{aim}] {lamp} :gray[{spec.lamp.gap}]")
    if spec.sample:
        parts.append(f":gray[{t('tile.sample', lang, n=spec.sample)}]")
    if spec.note:
        parts.append(f":gray[{spec.note}]")
    return f":small[{' :gray[·] '.join(parts)}]" if parts else ""


def foot_text(spec: Tile, lang: Lang) -> str:
    """The sparkline above the caption, as Markdown.

    It is a picture, as the chart inside `st.metric` takes no words for a screen reader and is drawn anew at every run.
    """
    said = caption(spec, lang) or "&nbsp;"
    words = plain(spec.spark_alt).replace('"', "&quot;")
    return f'![{words}]({spec.spark} "{words}")\n\n{said}' if spec.spark else said


def chip(change: Change | None, lang: Lang) -> str | None:
    """The 环比 chip with its verdict, short enough for a phone.

    Streamlit's own description beside a chip is too pale to read (4.2:1), so the verdict stands inside.
    """
    if change is None:
        return None
    return f"{change.text} {change.word}".rstrip()


def tile(container: Any, spec: Tile, lang: Lang) -> None:
    """Draw one tile into a container or grid."""
    box = container.container(border=True, gap="xsmall", height="stretch", key=f"tile_{spec.key}")
    box.metric(
        spec.name,
        f"{spec.value} :small[{spec.unit}]" if spec.unit else spec.value,
        delta=chip(spec.change, lang),
        delta_color=spec.change.colour if spec.change else "gray",
        delta_arrow=spec.change.arrow if spec.change else "off",
        help=spec.help or None,
    )
    said = foot_text(spec, lang)
    if spec.on_click is None:
        box.markdown(said)
        return
    foot = box.container(
        horizontal=True, vertical_alignment="bottom", wrap=False, gap="xsmall", key=f"tile_{spec.key}_foot"
    )
    foot.markdown(said, width="stretch")
    foot.button(
        "",
        icon=":material/stacked_bar_chart:",
        help=t("word.detail", lang),
        type="tertiary",
        key=f"tile_{spec.key}_detail",
        on_click=spec.on_click,
    )


def tile_grid(specs: Sequence[Tile], lang: Lang, key: str = "tiles") -> None:
    """All tiles, four a row on a desktop and two on a phone."""
    st.html(STYLE)
    grid = st.grid(columns=PER_ROW, min_column_width=MIN_WIDTH, gap="small", key=key)
    for spec in specs:
        tile(grid, spec, lang)
    has_line = any(spec.spark for spec in specs)
    m60 = derived()["M60"]
    how = t("definitions.derived", lang, name=m60.name(lang), how=m60.formula(lang))
    st.markdown(f":small[:gray[{t('tile.key' if has_line else 'tile.key_change', lang)}]]", help=how)
