"""Ids that a file spreads over columns: node and cell, year and month. A contract puts them together with `compose`."""

from __future__ import annotations

import re

from etl.infer.columns import Drafted
from etl.infer.headers import name_of
from etl.infer.keys import distinct_rows
from etl.infer.profile import Profile
from etl.infer.types import Reading
from etl.infer.words import note
from warehouse.canonical import Table

_NODE = re.compile(r"([eg]|ng|en)?(nodeb|nb)(id|标识|编号|号|identity)?|(基站|站点?|网元)(id|标识|编号|号|enbid)")
_CELL = re.compile(
    r"(本地|站内|local|eutran|nr|lte)?(小区|扇区|cell|sector)(id|标识|编号|号|identity|index|no|number)?|ci"
)
_YEAR = re.compile(r"year|yr|年份?|年度|ano|año|annee|année|jahr")
_MONTH = re.compile(r"month|mon|月份?|mes|mês|mois|monat")
HIGHEST_SECTOR, HIGHEST_CELL, HIGHEST_NODE = 255, 4095, 2**32


def node_and_cell(profile: Profile, readings: dict[str, Reading]) -> tuple[str, str] | None:
    """The headers of the node's number and of the cell's number within it, where a file gives them apart."""
    nodes = [h for h in profile.headers if _NODE.fullmatch(_key(h)) and _is_whole(readings[h], HIGHEST_NODE)]
    cells = [h for h in profile.headers if _CELL.fullmatch(_key(h)) and _is_whole(readings[h], HIGHEST_CELL)]
    for node in nodes:
        for cell in cells:
            n_both = distinct_rows(profile, [node, cell])
            tells_more = n_both > profile[cell].n_distinct or readings[cell].high <= HIGHEST_SECTOR
            if node != cell and tells_more and readings[node].high > readings[cell].high:
                return node, cell
    return None


def network_code(profile: Profile) -> tuple[str, str, str] | None:
    """The headers of country and network and the code they give, where the whole file is of one network."""
    by_key = {_key(h): h for h in profile.headers}
    mcc = next((by_key[k] for k in ("mcc", "mobilecountrycode") if k in by_key), None)
    mnc = next((by_key[k] for k in ("mnc", "net", "mobilenetworkcode") if k in by_key), None)
    if mcc is None or mnc is None or profile[mcc].n_distinct != 1 or profile[mnc].n_distinct != 1:
        return None
    country, network = profile[mcc].values[0].removesuffix(".0"), profile[mnc].values[0].removesuffix(".0")
    if not (country.isdecimal() and len(country) == 3 and network.isdecimal() and len(network) <= 2):
        return None
    return mcc, mnc, f"{country}-{int(network):02d}"


def composed_cell(column: str, pair: tuple[str, str]) -> Drafted:
    """A cell's id from the two."""
    made = Drafted(column, {"compose": list(pair), "as": "cell"})
    made.notes.append(note("node_and_cell", "assumed", column=column, node=pair[0], cell=pair[1]))
    return made


def year_and_month(table: Table, column: str, profile: Profile, readings: dict[str, Reading]) -> Drafted | None:
    """A required day or month that stands in two columns of figures."""
    if table.columns[column].type != "date":
        return None
    years = [h for h in profile.headers if _YEAR.fullmatch(_key(h)) and _lies(readings[h], profile, h, 1990, 2045)]
    months = [h for h in profile.headers if _MONTH.fullmatch(_key(h)) and _lies(readings[h], profile, h, 1, 12)]
    if len(years) != 1 or len(months) != 1:
        return None
    made = Drafted(column, {"compose": [years[0], months[0]], "formats": ["%Y %m"]})
    made.notes.append(note("year_and_month", "assumed", column=column, year=years[0], month=months[0]))
    return made


def _key(header: str) -> str:
    return name_of(header).key


def _is_whole(reading: Reading, highest: int) -> bool:
    return reading.kind in ("number", "flag") and reading.is_whole and 0 <= reading.low <= reading.high <= highest


def _lies(reading: Reading, profile: Profile, header: str, low: int, high: int) -> bool:
    values = [v.removesuffix(".0") for v in profile[header].values if v not in reading.missing]
    return bool(values) and all(v.isdecimal() and low <= int(v) <= high for v in values)
