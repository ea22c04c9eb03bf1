"""The work list as files that planning tools read: XLSX, GeoJSON and KML. Search areas, never a place for a mast.

Text from outside is neutralised in cells and escaped in XML.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from etl.privacy import neutralise
from warehouse.watermark import Mark, hide_in

_CORNERS = 36
_UNHELD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Line = Mapping[str, Any]


def xlsx(lines: Sequence[Line], headers: Mapping[str, str], sheet: str, about: str, mark: Mark | None = None) -> bytes:
    """One header row, real numbers, filter and frozen header; a second sheet says whose data it is and how it came.

    A mark stands there and in the footer of every printed page, its id among the properties of the workbook.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, name in enumerate(headers.values()):
        page.write_string(0, column, name, bold)
        page.set_column(column, column, 16)
    for row, line in enumerate(lines, start=1):
        for column, key in enumerate(headers):
            value = line.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
                page.write_number(row, column, value)
            elif value is not None:
                page.write_string(row, column, neutralise(str(value)))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(lines), 1), len(headers) - 1)
    last = book.add_worksheet("i")
    last.write_string(0, 0, about)
    if mark is not None:
        last.write_string(1, 0, neutralise(mark.line))
        page.set_footer("&L" + mark.line.replace("&", "&&")[:200])
        hide_in(book, mark.id)
    book.close()
    return out.getvalue()


def geojson(lines: Sequence[Line], about: str = "", mark: Mark | None = None) -> bytes:
    """Search areas as polygons in WGS-84, with every field of the line. `about`: whose data, as of when, simulated."""
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in line.items() if k not in ("lon", "lat")},
            "geometry": {"type": "Polygon", "coordinates": [circle(line["lon"], line["lat"], line["radius_m"])]},
        }
        for line in lines
    ]
    whole: dict[str, Any] = {"type": "FeatureCollection", "name": about, "features": features}
    if mark is not None:
        whole["source"] = mark.line
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def kml(lines: Sequence[Line], title: str, headers: Mapping[str, str] | None = None, mark: Mark | None = None) -> bytes:
    """The same as KML 2.2, its fields called as the columns of the workbook are."""
    called = headers or {}
    marks = []
    for line in lines:
        ring = " ".join(f"{x},{y},0" for x, y in circle(line["lon"], line["lat"], line["radius_m"]))
        said = "\n".join(
            f"{called.get(k, k)}: {'' if v is None else v}"
            for k, v in line.items()
            if k not in ("lon", "lat", "radius_m")
        )
        marks.append(
            f"<Placemark><name>{_xml(str(line['place']))}</name><description>{_xml(said)}</description>"
            f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>"
            "</Polygon></Placemark>"
        )
    body = "".join(marks)
    source = f"<description>{_xml(mark.line)}</description>" if mark is not None else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{_xml(title)}</name>{source}{body}</Document></kml>"
    ).encode()


def _xml(text: str) -> str:
    """Escaped, without the characters that XML 1.0 cannot hold in any form: one of them in a note spoils the file."""
    return escape(_UNHELD.sub("", text))


def circle(lon: float, lat: float, radius_m: float) -> list[list[float]]:
    """A closed ring, anticlockwise as GeoJSON wants outer rings."""
    east = radius_m / (111_320 * math.cos(math.radians(lat)))
    north = radius_m / 110_900
    turns = [2 * math.pi * k / _CORNERS for k in range(_CORNERS)]
    ring = [[round(lon + east * math.cos(a), 6), round(lat + north * math.sin(a), 6)] for a in turns]
    return [*ring, ring[0]]
