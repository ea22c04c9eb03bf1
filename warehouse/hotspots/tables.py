"""The tables a release holds about hotspots: their columns, and the rows made from what was found. Frames to Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from warehouse.hotspots.causes import UNDETERMINED, decide, other_figures, radio_of_spots
from warehouse.hotspots.city import City
from warehouse.hotspots.evidence import Evidence
from warehouse.hotspots.history import DAYS, unpacked
from warehouse.hotspots.identity import GONE
from warehouse.hotspots.ragged import n_distinct, once
from warehouse.hotspots.score import score
from warehouse.hotspots.weekly import Found, squares
from warehouse.lattice import local_lonlat

RADIO_COLUMNS = (
    "cell_id", "n_tickets", "n_samples", "n_attempts", "n_handovers", "weak", "load", "interference", "drop", "access",
    "handover", "outage",
)  # fmt: skip
Rows = list[dict[str, Any]]
_TEXT, _INT, _REAL, _YES, _DAY = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32()
_KEY = {"hotspot_id": _TEXT, "week_start": _DAY}
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "made_hotspot": {
        **_KEY, "state": _TEXT, "first_week_on": _DAY, "n_weeks": _INT, "related_id": _TEXT, "region_code": _TEXT,
        "town": _TEXT, "place_id": _TEXT, "place_name": _TEXT, "scene": _TEXT, "is_urban": _YES, "lon": _REAL,
        "lat": _REAL, "x_m": _REAL, "y_m": _REAL, "radius_m": _REAL, "n_grids": _INT, "window_days": _INT,
        "gate": _TEXT, "n_tickets": _INT, "n_customers": _INT, "n_customers_week": _INT, "expected": _REAL,
        "p_value": _REAL,
        "n_repeat": _INT, "n_escalated": _INT, "n_vip": _INT, "score": _REAL, "score_excess": _REAL,
        "score_repeat": _REAL, "score_escalated": _REAL, "score_radio": _REAL, "score_vip": _REAL, "cause": _TEXT,
        "causes": _TEXT,
    },
    "made_hotspot_cell": {
        **_KEY, "cell_rank": _INT, "cell_id": _TEXT, "site_id": _TEXT, "distance_m": _REAL, "bearing_deg": _REAL,
        "off_axis_deg": _REAL, "is_indoor": _YES, "is_serving": _YES, "n_tickets": _INT, "basis": _TEXT, "weak": _REAL,
        "load": _REAL, "interference": _REAL, "drop_rate": _REAL, "access": _REAL, "handover": _REAL, "outage": _REAL,
        "n_samples": _INT, "n_attempts": _INT, "n_handovers": _INT,
    },
    "made_hotspot_cause": {
        **_KEY, "order_no": _INT, "cause": _TEXT, "figure": _TEXT, "verdict": _TEXT, "value": _REAL,
        "limit_value": _REAL, "share": _REAL, "n": _INT, "example": _TEXT,
    },
    "made_hotspot_ticket": {
        "hotspot_id": _TEXT, "ticket_id": _TEXT, "week_first": _DAY, "week_last": _DAY,
    },
    "made_hotspot_grid": {
        **_KEY, "grid_m": _INT, "column_no": _INT, "row_no": _INT, "lon": _REAL, "lat": _REAL, "n_customers": _INT,
    },
    "made_grid_week": {
        "week_start": _DAY, "kind": _TEXT, "cell": _TEXT, "region_code": _TEXT, "lon": _REAL, "lat": _REAL,
        "n_tickets": _INT, "n_customers": _INT, "expected": _REAL,
        "p_value": _REAL,
    },
    "made_gi": {
        "week_start": _DAY, "cell": _TEXT, "region_code": _TEXT, "lon": _REAL, "lat": _REAL, "n_tickets": _INT,
        "z": _REAL, "gi_class": _TEXT, "n_bins": _INT, "trend_z": _REAL, "trend_p": _REAL,
    },
}  # fmt: skip


def schema(name: str) -> pa.Schema:
    return pa.schema(list(COLUMNS[name].items()))


def empty() -> dict[str, pa.Table]:
    """Every table without rows."""
    return {name: schema(name).empty_table() for name in COLUMNS}


def of_rows(name: str, rows: Rows) -> pa.Table:
    return pa.Table.from_pylist(rows, schema(name))


def of_tuples(name: str, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows as tuples in the order of the columns."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS[name])
    return pa.table([pa.array(c, type=t.type) for c, t in zip(columns, schema(name), strict=True)], schema(name))


def of_frame(name: str, frame: pd.DataFrame) -> pa.Table:
    """A frame with these columns; NaN is null."""
    if frame.empty:
        return schema(name).empty_table()
    return pa.Table.from_pandas(frame.reindex(columns=list(COLUMNS[name])), schema(name), preserve_index=False)


def of_columns(name: str, columns: Mapping[str, Any]) -> pa.Table:
    """Arrays of the columns, in any order; NaN is null."""
    made = {
        c: v if isinstance(v, pa.Array) else pa.array(v, type=t, from_pandas=True)
        for c, t in COLUMNS[name].items()
        for v in (columns[c],)
    }
    return pa.table([made[c].cast(t) for c, t in COLUMNS[name].items()], schema(name))


def taken(names: Sequence[str | None], at: Any) -> pa.Array:
    """Of each number its name, never as a million words."""
    return pa.array(names, _TEXT).take(pa.array(at))


def hotspots(city: City, found: Sequence[Found], told: Evidence, origin: tuple[float, float]) -> dict[str, pa.Table]:
    """All tables that are about hotspots."""
    main: Rows = []
    causes: list[tuple[Any, ...]] = []
    counted = {name: _customers(city, found, name) for name in ("is_repeat", "is_escalated", "is_vip")}
    # Cells come in the order of their hotspots.
    cuts = np.searchsorted(told.radio["spot_no"].to_numpy(np.int64), np.arange(len(found) + 1))
    radio = radio_of_spots({name: told.radio[name] for name in RADIO_COLUMNS}, cuts, city.settings)
    days = {week: city.monday(week) for week in {w for f in found for w in (f.week, f.first_week)}}
    lon, lat = local_lonlat([f.x for f in found], [f.y for f in found], origin)
    spots = told.spots.to_dict("records")
    for no, f in enumerate(found):
        key = {"hotspot_id": f.hotspot_id, "week_start": days[f.week]}
        figures, badness = radio[no]
        row = {"n_tickets": len(f.rows)}
        figures = figures + other_figures(row, {n: told.others[n].get(no) for n in told.others}, city.settings)
        cause, hits, ordered = decide(figures) if len(f.rows) else (UNDETERMINED, [], [])
        counts = {name: int(n[no]) for name, n in counted.items()}
        n = max(f.n_customers, 1)
        points = score(
            f.n_customers, f.expected, counts["is_repeat"] / n, counts["is_escalated"], badness,
            counts["is_vip"] / n, city.settings.score,
        )  # fmt: skip
        place = {name: _text(spots[no][name]) for name in ("region_code", "town", "place_id", "place_name", "scene")}
        main.append(
            {
                **key, **place, "state": f.state, "first_week_on": days[f.first_week],
                "n_weeks": f.week - f.first_week + (f.state != GONE), "related_id": f.related_id,
                "is_urban": f.is_urban, "lon": float(lon[no]), "lat": float(lat[no]), "x_m": f.x, "y_m": f.y,
                "radius_m": f.radius_m,
                "n_grids": len(f.grids), "window_days": f.window_days, "gate": f.gate or None, "n_tickets": f.n_tickets,
                "n_customers": f.n_customers, "n_customers_week": f.n_week, "expected": _real(f.expected),
                "p_value": _real(f.p_value), "n_repeat": counts["is_repeat"], "n_escalated": counts["is_escalated"],
                "n_vip": counts["is_vip"], "score": points.total, "score_excess": points.excess,
                "score_repeat": points.repeat, "score_escalated": points.escalated, "score_radio": points.radio,
                "score_vip": points.vip, "cause": cause, "causes": ",".join(hits),
            }
        )  # fmt: skip
        causes += [(*key.values(), k + 1, *_plain(figure)) for k, figure in enumerate(ordered)]
    return {
        "made_hotspot": of_rows("made_hotspot", main),
        "made_hotspot_cause": of_tuples("made_hotspot_cause", causes),
        "made_hotspot_cell": of_frame("made_hotspot_cell", _cells(city, found, told.radio)),
        "made_hotspot_ticket": of_columns("made_hotspot_ticket", _tickets(city, found)),
        "made_hotspot_grid": of_columns("made_hotspot_grid", _grids(city, found, origin)),
    }


def _plain(figure: Any) -> tuple[Any, ...]:
    return (
        figure.cause, figure.figure, figure.verdict, *(None if v is None else _real(v) for v in
        (figure.value, figure.limit_value, figure.share)), figure.n, figure.example,
    )  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _real(value: float) -> float | None:
    return float(value) if value == value else None


def _customers(city: City, found: Sequence[Found], flag: str) -> Any:
    """How many customers of each hotspot have a ticket that has a mark."""
    spot, rows = _rows(found)
    held = city.tickets[flag].to_numpy(bool)[rows]
    return n_distinct(spot[held], city.customer[rows[held]], len(found))


def _keys(city: City, found: Sequence[Found], numbers: Any) -> dict[str, Any]:
    """Name and week of hotspots by number."""
    weeks = np.array([city.monday(f.week) for f in found], "datetime64[D]")
    return {"hotspot_id": taken([f.hotspot_id for f in found], numbers), "week_start": weeks[numbers]}


def _cells(city: City, found: Sequence[Found], radio: pd.DataFrame) -> pd.DataFrame:
    out = radio.rename(columns={"rank": "cell_rank", "drop": "drop_rate"})
    keys = _keys(city, found, radio["spot_no"].to_numpy(np.int64))
    return out.assign(hotspot_id=keys["hotspot_id"].to_pandas(), week_start=keys["week_start"])


def _tickets(city: City, found: Sequence[Found]) -> dict[str, Any]:
    """The weeks in which each ticket was one of a hotspot's: first and last."""
    alive = [f for f in found if f.state != GONE]
    names = sorted({f.hotspot_id for f in alive})
    number = {name: k for k, name in enumerate(names)}
    spot, row = _rows(alive)
    whose = np.array([number[f.hotspot_id] for f in alive], np.int64)[spot]
    week = np.array([f.week for f in alive], np.int64)[spot]
    # Weeks ascend, so a pair's first row has the first week and its last row the last.
    key = whose * np.int64(len(city.tickets) + 1) + row
    order = np.argsort(key, kind="stable")
    key, week = key[order], week[order]
    ends = np.flatnonzero(np.r_[key[1:] != key[:-1], True][: len(key)])
    begins = np.r_[0, ends[:-1] + 1][: len(ends)].astype(np.int64)
    tickets = pa.array(city.tickets["ticket_id"], type=_TEXT)
    return {
        "hotspot_id": taken(names, key[begins] // (len(city.tickets) + 1)),
        "ticket_id": tickets.take(pa.array(key[begins] % (len(city.tickets) + 1))),
        "week_first": mondays(city.day0, week[begins]),
        "week_last": mondays(city.day0, week[ends]),
    }


def _grids(city: City, found: Sequence[Found], origin: tuple[float, float]) -> dict[str, Any]:
    no, grid = squares(found)
    # A customer counts once a square; where each stands among the squares of all hotspots.
    known, where = np.unique(grid, return_inverse=True)
    own = no * np.int64(len(known) + 1) + where.reshape(-1)
    spot, rows = _rows(found)
    at = np.searchsorted(known, city.grid)
    at[at == len(known)] = 0
    at[known[at] != city.grid] = len(known)
    # Rows of squares that are not its own fall between its squares.
    whose, _, first = once(spot, city.presence[rows])
    keys = whose * np.int64(len(known) + 1) + at[rows[first]]
    stands = np.searchsorted(own, keys)
    stands[stands == len(own)] = 0
    n = np.bincount(stands[own[stands] == keys], minlength=len(own))
    is_urban = np.array([f.is_urban for f in found], bool)[no]
    size = np.where(is_urban, city.settings.urban.grid_m, city.settings.rural.grid_m)
    column, row = unpacked(grid)
    lon, lat = local_lonlat((column + 0.5) * size, (row + 0.5) * size, origin)
    return {
        **_keys(city, found, no), "grid_m": size, "column_no": column, "row_no": row, "lon": lon, "lat": lat,
        "n_customers": n,
    }  # fmt: skip


def _rows(found: Sequence[Found]) -> tuple[Any, Any]:
    """All tickets of all hotspots: the number of the hotspot, and the ticket."""
    rows = np.concatenate([f.rows for f in found]) if found else np.zeros(0, np.int64)
    return np.repeat(np.arange(len(found), dtype=np.int64), [len(f.rows) for f in found]), rows


def mondays(day0: date, weeks: Any) -> Any:
    """First days of weeks by number."""
    return np.datetime64(day0, "D") + np.asarray(weeks, np.int64) * np.timedelta64(DAYS, "D")
