"""The hotspots of a release: read its tables, run the weeks, hand back the tables of `tables.COLUMNS`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from warehouse.catalog import models
from warehouse.hotspots import evidence, maps, tables
from warehouse.hotspots.before import Before
from warehouse.hotspots.city import CELL_M, City, names_of
from warehouse.hotspots.history import DAYS, History, fresh, packed, unpacked
from warehouse.hotspots.registry import Published
from warehouse.hotspots.settings import Settings
from warehouse.hotspots.weekly import Found, run
from warehouse.hours import RELATIONS
from warehouse.lake import Pinned
from warehouse.lattice import local_lonlat

_MASK, _HALF = (1 << 20) - 1, 1 << 19
ALWAYS, DAY = "", "day"
Offer = Callable[[str, Pinned], None]


@dataclass(frozen=True)
class Asked:
    """What a run is about: rules, where the grid starts, the Monday until which tickets count, files of hours."""

    rules: Settings
    origin: tuple[float, float]
    until: date
    hours: Mapping[str, Pinned]

    @property
    def begin(self) -> date:
        """The first week that may be kept. It stays the same for `renew_weeks`: what a week is called and what is usual
        hangs on the weeks before it, so weeks that begin elsewhere would all have to be found anew.
        """
        chosen = self.rules.select
        week = self.until.toordinal() // DAYS - chosen.weeks
        return date.fromordinal(1 + DAYS * -(-week // chosen.renew_weeks) * chosen.renew_weeks)

    @property
    def since(self) -> date:
        """The first day that any kept week looks back to."""
        return self.begin - timedelta(weeks=self.rules.back_weeks)

    @property
    def values(self) -> dict[str, object]:
        """The named values of the selects."""
        chosen = self.rules.select
        return {
            "type_l1": chosen.type_l1,
            "grades": list(chosen.grades),
            "urban": list(chosen.urban),
            "since": datetime.combine(self.since, datetime.min.time()),
            "until": datetime.combine(self.until, datetime.min.time()),
        }

    def is_over(self, week: str) -> bool:
        """Whether all days of a week count."""
        return date.fromisoformat(week) + timedelta(days=DAYS) <= self.until

    def of_hours(self) -> dict[str, Pinned]:
        """The files of hours that lie between the first day and the end."""
        first, last = self.since.isoformat(), self.until.isoformat()
        kept = {}
        for name, pin in self.hours.items():
            kept[name] = Pinned(name, pin.version, tuple(f for f in pin.files if not f[1] or first <= f[1] < last))
        return kept


def last_monday(as_of: datetime) -> date:
    """The end of the last complete week."""
    return as_of.date() - timedelta(days=as_of.weekday())


def digest(
    con: duckdb.DuckDBPyConnection, asked: Asked, days: dict[str, str] | None = None, changed: date | None = None
) -> dict[str, str]:
    """What the result hangs on, names apart: of every week with inputs by its Monday, and under ALWAYS of all weeks.

    Equal digests, equal rows; where a week's differs, rows of that week and later ones may.
    `days` is what the last call with it noted of the counters of days, the longest input by far: those of weeks before
    `changed` are not read again. It is then what this call notes.
    """
    found: dict[str, list[object]] = {ALWAYS: [asked.rules.model_dump(), asked.origin, asked.begin]}
    # A week that has ended has a snapshot, also when nothing happened in it.
    ended = range((asked.until - asked.begin).days // DAYS)
    found |= {(asked.begin + timedelta(weeks=week)).isoformat(): ["ended"] for week in ended}
    first = asked.since.isoformat()
    noted = days if days is not None else {}
    is_known = changed is not None and "" < noted.get(ALWAYS, "") <= first
    known = {
        week: told for week, told in noted.items() if is_known and first <= week < str(changed) and asked.is_over(week)
    }
    since = max(asked.since, changed) if changed and known else asked.since
    rows = evidence.select(con, "digest", {**asked.values, "days_since": since})
    told = [
        (str(name), ALWAYS if pd.isna(week) else f"{week:%Y-%m-%d}", int(n), str(total))
        for name, week, n, total in rows[["name", "week_on", "n", "total"]].itertuples(index=False)
    ]
    told += [(DAY, week, int(text.split(" ")[0]), text.split(" ")[1]) for week, text in known.items()]
    for name, week, n, total in sorted(told):
        found.setdefault(week, []).append((name, n, total))
    noted.clear()
    noted[ALWAYS] = first
    noted |= {week: f"{n} {total}" for name, week, n, total in told if name == DAY and asked.is_over(week)}
    files = sorted((day or "", Path(path).name) for pin in asked.of_hours().values() for path, day in pin.files)
    for day, path in files:
        found.setdefault(_monday(day) if day else ALWAYS, []).append(path)
    return {week: hashlib.sha256(repr(parts).encode()).hexdigest()[:16] for week, parts in found.items()}


def _monday(day: str) -> str:
    return last_monday(datetime.fromisoformat(day)).isoformat()


def make(
    con: duckdb.DuckDBPyConnection,
    asked: Asked,
    recall: Callable[[], Sequence[Published]],
    offer: Offer,
    changed: date | None = None,
) -> dict[str, pa.Table]:
    """Every made table. `recall` gives what was published before; `offer` shows files of hours under a name.

    `changed`: the first week whose digest is not that of the release that `con` still holds the tables of; weeks
    before it are taken from there. None to find all weeks anew.
    """
    known = _cells_of(evidence.select(con, "known", asked.values))
    if known.empty:
        return tables.empty()
    day0 = last_monday(pd.Timestamp(known["first_on"].min()))
    n_weeks = (asked.until - day0).days // DAYS
    chosen = asked.rules.select
    begin = max(-(-chosen.window_days // DAYS), (asked.begin - day0).days // DAYS)
    if n_weeks <= begin:
        return tables.empty()
    kept = day0 + timedelta(weeks=begin)
    before = Before.read(con, changed, chosen.window_days) if changed and changed > kept else None
    before = before if before and before.until > kept else None
    since = before.until - timedelta(weeks=asked.rules.back_weeks) if before else asked.since
    city = City(_tickets(con, asked, since), known, asked.rules, day0, n_weeks)
    if city.tickets.empty:
        return tables.empty()
    hexagons = evidence.select(con, "known_h3", asked.values).rename(columns={"region_code": "region"})
    weeks = range((before.until - day0).days // DAYS if before else begin, n_weeks)
    # Maps ask nothing of hotspots: they are drawn beside them.
    with ThreadPoolExecutor(1) as beside:
        drawn = beside.submit(_maps, asked, city, hexagons, weeks)
        seen = [p.seen(city.day0, asked.rules.zone(p.is_urban).grid_m) for p in recall()]
        made = _hotspots(con, asked, city, run(city, weeks, seen, before.go_on(city) if before else None), offer)
        made |= drawn.result()
    return before.with_(made, city) if before else made


def _hotspots(
    con: duckdb.DuckDBPyConnection, asked: Asked, city: City, found: list[Found], offer: Offer
) -> dict[str, pa.Table]:
    made, wanted = tables.empty(), evidence.first_day(found, city)
    if wanted is not None:
        until = datetime.combine(asked.until, datetime.min.time())
        told = evidence.gather(con, city, found, asked.origin, until, lambda: _hours(con, asked, wanted, offer))
        made |= tables.hotspots(city, found, told, asked.origin)
        con.execute("drop table hot_hour")
    return made


def _tickets(con: duckdb.DuckDBPyConnection, asked: Asked, since: date) -> pd.DataFrame:
    """Tickets from a day on, which is no later than the first that a week to be found looks back to."""
    values = asked.values | {"since": datetime.combine(since, datetime.min.time())}
    rows = _cells_of(evidence.select(con, "tickets", values))
    return rows.assign(customer=pd.factorize(rows["cust_key"], sort=True)[0]).drop(columns="cust_key")


def _cells_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Column and row of the 50 m grid from its id."""
    ids = rows["grid50"].to_numpy(np.int64)
    return rows.rename(columns={"region_code": "region"}).assign(
        ix=(ids >> 20 & _MASK) - _HALF, iy=(ids & _MASK) - _HALF
    )


def _hours(con: duckdb.DuckDBPyConnection, asked: Asked, first: date, offer: Offer) -> None:
    """The hours of the cells in `hot_cell` from a day on, as the table hot_hour: the models' own selects over the
    pinned files. Those of all cells of a province would be a hundred times as many.
    """
    pins = asked.of_hours()
    steps = []
    for name in sorted(pins):
        files = tuple(f for f in pins[name].files if (f[1] or "") >= first.isoformat())
        offer(f"hot_{name}", Pinned(name, pins[name].version, files))
        steps.append("lake_" + name + " as (select * from hot_" + name + " semi join hot_cell using (cell_id))")
    steps += [name + " as (" + models()[name].sql + ")" for name in RELATIONS]
    con.sql("with " + ", ".join(steps) + " select * from fact_cell_kpi_1h").create("hot_hour")


# --- maps ---------------------------------------------------------------------------------------------------


def _maps(asked: Asked, city: City, known: pd.DataFrame, weeks: range) -> dict[str, pa.Table]:
    rules = asked.rules
    ends = [np.datetime64(city.monday(week + 1), "s") for week in weeks]
    of_grid, ids = _squares(city, rules.gi.cell_m)
    column, row = unpacked(ids)
    x, y = (np.asarray(v + 0.5, float) * rules.gi.cell_m for v in (column, row))
    lon, lat = local_lonlat(x, y, asked.origin)
    names = [f"{c},{r}" for c, r in zip(column.tolist(), row.tolist(), strict=True)]
    squares = _Places(names, lon, lat, of_grid.history.region, city)
    of_hexagon, hexagons = _hexagons(city, known)
    kinds = ((of_grid, squares, f"grid{rules.gi.cell_m}"), (of_hexagon, hexagons, "h3_8"))
    layers = []
    for counted, places, kind in kinds:
        found = maps.excess(counted, weeks, ends, rules.select.window_days, rules.gate)
        layers.append(tables.of_columns("made_grid_week", places.told(found, kind=kind)))
    hot = maps.hot_over_time(of_grid, x, y, weeks, rules.gi)
    told = squares.told(hot.rename(columns={"n": "n_tickets", "class": "gi_class"}))
    return {"made_grid_week": pa.concat_tables(layers), "made_gi": tables.of_columns("made_gi", told)}


@dataclass(frozen=True)
class _Places:
    """Names, middles and districts of numbered cells."""

    names: list[str]
    lon: np.ndarray
    lat: np.ndarray
    region: np.ndarray
    city: City

    def told(self, rows: pd.DataFrame, **more: str) -> dict[str, Any]:
        """The columns of a table from `rows`, whose cells are numbers; `more` are the same for all."""
        at = rows["cell"].to_numpy(np.int64)
        regions = [name or None for name in self.city.region_names]
        return {
            **{str(name): rows[name].to_numpy() for name in rows},
            **{name: tables.taken([word], np.zeros(len(rows), np.int64)) for name, word in more.items()},
            "week_start": tables.mondays(self.city.day0, rows["week"]),
            "cell": tables.taken(self.names, at),
            "region_code": tables.taken(regions, self.region[at]),
            "lon": self.lon[at],
            "lat": self.lat[at],
        }


def _squares(city: City, size_m: int) -> tuple[maps.Counted, np.ndarray]:
    """Tickets counted by squares, in town and country alike."""
    cells = size_m // CELL_M
    own = packed(city.tickets["ix"].to_numpy(np.int64), city.tickets["iy"].to_numpy(np.int64), cells)
    grid = packed(city.known["ix"].to_numpy(np.int64), city.known["iy"].to_numpy(np.int64), cells)
    return _counted(city, own, grid, city.known)


def _hexagons(city: City, known: pd.DataFrame) -> tuple[maps.Counted, _Places]:
    import h3.api.basic_str as h3

    names = pd.Index(names_of(known["h3_8"]))
    own = names.get_indexer(city.tickets["h3_8"]).astype(np.int64)
    counted, ids = _counted(city, own, names.get_indexer(known["h3_8"]).astype(np.int64), known)
    middles = np.array([h3.cell_to_latlng(name) for name in names[ids]]).reshape(-1, 2)
    return counted, _Places(list(names[ids]), middles[:, 1], middles[:, 0], counted.history.region, city)


def _counted(city: City, own: np.ndarray, grid: np.ndarray, known: pd.DataFrame) -> tuple[maps.Counted, np.ndarray]:
    """`own`: the cell of every ticket, negative where it has none; `grid`: that of every row of `known`."""
    regions = pd.Index(city.region_names)
    start = np.datetime64(city.day0, "s")
    since = (pd.to_datetime(known["first_on"]).to_numpy("datetime64[s]") - start) // np.timedelta64(DAYS, "D")
    frame = pd.DataFrame(
        {"grid": grid, "region": regions.get_indexer(known["region"]), "since": since.astype(np.int64)}
    )
    merged = frame.groupby(["grid", "region"], as_index=False).agg(since=("since", "min"))
    ids = np.unique(merged["grid"].to_numpy(np.int64))
    place = np.minimum(np.searchsorted(ids, own), max(len(ids) - 1, 0))
    held = ids[place] == own if len(ids) else np.zeros(len(own), bool)
    place, customer, at, week = place[held], city.customer[held], city.at[held], city.week[held]
    news = fresh(customer, place, at, city.settings.select.window_days)
    history = History.of(merged, place[news], week[news], city.n_weeks)
    return maps.Counted(history, place, customer, at), history.grids


def published(found: Sequence[Found], city: City) -> list[Published]:
    """What a run would publish, for tests and for whoever has no release."""
    return [
        Published(
            f.hotspot_id, city.monday(f.week), f.is_urban, city.settings.zone(f.is_urban).grid_m, f.grids, f.x, f.y
        )
        for f in found
    ]
