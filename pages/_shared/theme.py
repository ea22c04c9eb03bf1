"""Colours, shapes and marks of the pages, light and dark.

No text, no chart, no page layout here. The same values stand in `.streamlit/config.toml`, because Streamlit
reads its theme from there; a test holds the two together.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

Mode = Literal["light", "dark"]
Colour = Literal["red", "orange", "yellow", "blue", "green", "gray"]
Severity = Literal["red", "orange", "yellow", "blue"]

FONT = "Source Sans, Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"
FONT_PICTURES = "Noto Sans CJK SC"  # pictures drawn on the server have no system Chinese to fall back on

CHART_HEIGHT = 220  # px
MAP_HEIGHT = 520  # px
ROW_HEIGHT = 32  # px, table rows
RADIUS = 6  # px

TYPE_CODES = ("NET", "SVC", "TAR", "BIZ", "TRM")


@dataclass(frozen=True)
class Slot:
    """One meaning: `mark` for shapes, `text` for words on the page or on `tint`, `tint` behind words."""

    mark: str
    text: str
    tint: str


@dataclass(frozen=True)
class Palette:
    """Every colour of one mode, as #RRGGBB. `green` carries 改善 (teal) and `gray` is neutral."""

    mode: Mode
    background: str
    panel: str
    text: str
    muted: str
    border: str
    primary: str
    link: str
    red: Slot
    orange: Slot
    yellow: Slot
    blue: Slot
    green: Slot
    gray: Slot
    series: dict[str, str]
    sequential: tuple[str, ...]  # low to high, six steps
    diverging: tuple[str, ...]  # below expected to above expected, seven steps, the middle is neutral
    accent: str  # the one-series line or bar

    def slot(self, colour: Colour) -> Slot:
        """The slot that a verdict or severity names."""
        slots = {
            "red": self.red,
            "orange": self.orange,
            "yellow": self.yellow,
            "blue": self.blue,
            "green": self.green,
            "gray": self.gray,
        }
        return slots[colour]


LIGHT = Palette(
    mode="light",
    background="#FFFFFF",
    panel="#F4F6F9",
    text="#1B2430",
    muted="#5B6675",
    border="#D8DEE6",
    primary="#1F5FBF",
    link="#1F5FBF",
    red=Slot("#B3121D", "#A50F15", "#FBE3E4"),
    orange=Slot("#E06C00", "#9A4300", "#FDE8D3"),
    yellow=Slot("#F2C230", "#6B5000", "#FFF3C4"),
    blue=Slot("#2F6FD0", "#1B4F9C", "#E1ECFA"),
    green=Slot("#0F766E", "#0B5F58", "#DDF3F0"),
    gray=Slot("#8A94A3", "#4A5565", "#EDF0F4"),
    series={"NET": "#123B7A", "SVC": "#7A1F3D", "TAR": "#8E5AE6", "BIZ": "#2F9E8F", "TRM": "#B07D12"},
    sequential=("#E6F0F7", "#BFD9EA", "#8DBBD9", "#4F94C0", "#1F6A9E", "#0B3F6B"),
    diverging=("#1D6A70", "#6FB0B0", "#CFE3E2", "#F1F1EE", "#F3D3B8", "#D98B4F", "#9A4300"),
    accent="#1F5FBF",
)

DARK = Palette(
    mode="dark",
    background="#0F1620",
    panel="#18212D",
    text="#E6EBF2",
    muted="#9FB0C3",
    border="#2D3948",
    primary="#2F6FD0",
    link="#9CC4FF",
    red=Slot("#FF5A5F", "#FF9A9D", "#4A1518"),
    orange=Slot("#FF9F45", "#FFB37A", "#472503"),
    yellow=Slot("#FFE066", "#FFE07A", "#3F3300"),
    blue=Slot("#6FA8FF", "#9CC4FF", "#12305C"),
    green=Slot("#4FD1C5", "#7FE0D6", "#0C3B37"),
    gray=Slot("#8D99AB", "#B7C1CE", "#283341"),
    series={"NET": "#4F86BF", "SVC": "#E5476A", "TAR": "#A96BFF", "BIZ": "#B6F0E6", "TRM": "#E8B33A"},
    sequential=("#17303F", "#1F4E6B", "#2C7199", "#4A97C2", "#86C1E3", "#D3ECFA"),
    diverging=("#7FE0D6", "#3E9E97", "#245A58", "#2A323D", "#6B4526", "#C47A3D", "#FFB37A"),
    accent="#6FA8FF",
)


@dataclass(frozen=True)
class SeverityMark:
    """How one severity looks: never by colour alone."""

    colour: Severity
    glyph: str
    vega_shape: str
    icon: str  # Material symbol for st.badge


SEVERITY: dict[str, SeverityMark] = {
    "red": SeverityMark("red", "◆", "diamond", ":material/emergency_home:"),
    "orange": SeverityMark("orange", "▲", "triangle-up", ":material/warning:"),
    "yellow": SeverityMark("yellow", "■", "square", ":material/error:"),
    "blue": SeverityMark("blue", "●", "circle", ":material/info:"),
}


def palette(mode: Mode) -> Palette:
    """The palette of a mode."""
    return DARK if mode == "dark" else LIGHT


def mode() -> Mode:
    """The mode that the viewer's browser shows; light where nobody is looking (AppTest, a bare script)."""
    try:
        found = st.context.theme.type
    except Exception:  # outside a session the context raises, and a picture must still be drawn
        return "light"
    return "dark" if found == "dark" else "light"


def luminance(colour: str) -> float:
    """Relative luminance, 0–1, of #RRGGBB (WCAG 2.1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1–21 (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink(fill: str) -> str:
    """The text colour that is easier to read on `fill`: the dark page's background or white."""
    return max((DARK.background, LIGHT.background), key=lambda c: contrast(c, fill))


def resample(ramp: tuple[str, ...], n: int) -> list[str]:
    """`n` colours along a ramp, ends kept (Streamlit wants ten where the brief gives six or seven)."""
    stops = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in ramp]
    out = []
    for k in range(n):
        at = k * (len(stops) - 1) / (n - 1)
        low = min(int(at), len(stops) - 2)
        mix = [round(a + (b - a) * (at - low)) for a, b in zip(stops[low], stops[low + 1], strict=True)]
        out.append("#" + "".join(f"{c:02X}" for c in mix))
    return out
