"""The tables a release holds about hotspots: their columns, and the rows made from what was found. Frames to Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from warehouse.hotspots.causes import UNDETERMINED, decide, other_figures, radio_figures
from warehouse.hotspots.city import City
from warehouse.hotspots.evidence import Evidence
from warehouse.hotspots.history import DAYS, unpacked
from warehouse.hotspots.identity import GONE
from warehouse.hotspots.score import score
from warehouse.hotspots.weekly import Found
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


def of_frame(name: str, frame: pd.DataFrame) -> pa.Table:
    """A frame with these columns; NaN is null."""
    if frame.empty:
        return schema(name).empty_table()
    return pa.Table.from_pandas(frame.reindex(columns=list(COLUMNS[name])), schema(name), preserve_index=False)


def hotspots(city: City, found: Sequence[Found], told: Evidence, origin: tuple[float, float]) -> dict[str, pa.Table]:
    """All tables that are about hotspots."""
    main: Rows = []
    causes: Rows = []
    flags = {name: city.tickets[name].to_numpy(bool) for name in ("is_repeat", "is_escalated", "is_vip")}
    radio = {name: told.radio[name].to_numpy(object if name == "cell_id" else float) for name in RADIO_COLUMNS}
    # Cells come in the order of their hotspots.
    cuts = np.searchsorted(told.radio["spot_no"].to_numpy(np.int64), np.arange(len(found) + 1))
    lon, lat = local_lonlat([f.x for f in found], [f.y for f in found], origin)
    spots = told.spots.to_dict("records")
    for no, f in enumerate(found):
        key = {"hotspot_id": f.hotspot_id, "week_start": city.monday(f.week)}
        figures, badness = radio_figures({k: v[cuts[no] : cuts[no + 1]] for k, v in radio.items()}, city.settings)
        row = {"n_tickets": len(f.rows)}
        figures += other_figures(row, {name: told.others[name].get(no) for name in told.others}, city.settings)
        cause, hits, ordered = decide(figures) if len(f.rows) else (UNDETERMINED, [], [])
        counts = {name: _customers(city, f.rows[held[f.rows]]) for name, held in flags.items()}
        n = max(f.n_customers, 1)
        points = score(
            f.n_customers, f.expected, counts["is_repeat"] / n, counts["is_escalated"], badness,
            counts["is_vip"] / n, city.settings.score,
        )  # fmt: skip
        place = {name: _text(spots[no][name]) for name in ("region_code", "town", "place_id", "place_name", "scene")}
        main.append(
            {
                **key, **place, "state": f.state, "first_week_on": city.monday(f.first_week),
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
        causes += [{**key, "order_no": k + 1, **_plain(figure)} for k, figure in enumerate(ordered)]
    return {
        "made_hotspot": of_rows("made_hotspot", main),
        "made_hotspot_cause": of_rows("made_hotspot_cause", causes),
        "made_hotspot_cell": of_frame("made_hotspot_cell", _cells(city, found, told.radio)),
        "made_hotspot_ticket": of_frame("made_hotspot_ticket", _tickets(city, found)),
        "made_hotspot_grid": of_frame("made_hotspot_grid", _grids(city, found, origin)),
    }


def _plain(figure: Any) -> dict[str, Any]:
    return {k: _real(v) if isinstance(v, float) else v for k, v in vars(figure).items()}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _real(value: float) -> float | None:
    return float(value) if value == value else None


def _customers(city: City, rows: Any) -> int:
    return len(np.unique(city.customer[rows]))


def _keys(city: City, found: Sequence[Found], numbers: Iterable[int]) -> dict[str, list[Any]]:
    at = list(numbers)
    return {"hotspot_id": [found[n].hotspot_id for n in at], "week_start": [city.monday(found[n].week) for n in at]}


def _cells(city: City, found: Sequence[Found], radio: pd.DataFrame) -> pd.DataFrame:
    out = radio.rename(columns={"rank": "cell_rank", "drop": "drop_rate"})
    return out.assign(**_keys(city, found, radio["spot_no"].astype(int)))


def _tickets(city: City, found: Sequence[Found]) -> pd.DataFrame:
    """The weeks in which each ticket was one of a hotspot's: first and last."""
    alive = [f for f in found if f.state != GONE]
    rows = np.concatenate([f.rows for f in alive]) if alive else np.zeros(0, np.int64)
    sizes = [len(f.rows) for f in alive]
    held = pd.DataFrame(
        {
            "hotspot_id": np.repeat(np.array([f.hotspot_id for f in alive], object), sizes),
            "row": rows,
            "week": np.repeat(np.array([f.week for f in alive], np.int64), sizes),
        }
    )
    spans = held.groupby(["hotspot_id", "row"], as_index=False)["week"].agg(["min", "max"])
    return pd.DataFrame(
        {
            "hotspot_id": spans["hotspot_id"],
            "ticket_id": city.tickets["ticket_id"].to_numpy(object)[spans["row"].to_numpy(np.int64)],
            "week_first": mondays(city.day0, spans["min"]),
            "week_last": mondays(city.day0, spans["max"]),
        }
    )


def _grids(city: City, found: Sequence[Found], origin: tuple[float, float]) -> pd.DataFrame:
    parts = []
    for no, f in enumerate(found):
        ids = np.array(sorted(f.grids), np.int64)
        _, first = np.unique(city.presence[f.rows], return_index=True)
        n = _counted(ids, city.grid[f.rows[first]])
        parts.append(pd.DataFrame({"no": no, "grid": ids, "n_customers": n, "is_urban": f.is_urban}))
    held = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"no": [], "grid": [], "is_urban": []})
    sizes = {True: city.settings.urban.grid_m, False: city.settings.rural.grid_m}
    size = held["is_urban"].map(sizes).to_numpy(np.int64) if len(held) else np.zeros(0, np.int64)
    column, row = unpacked(held["grid"].to_numpy(np.int64))
    lon, lat = local_lonlat((column + 0.5) * size, (row + 0.5) * size, origin)
    return held.assign(
        **_keys(city, found, held["no"].astype(int)), grid_m=size, column_no=column, row_no=row, lon=lon, lat=lat
    )


def _counted(ids: Any, grids: Any) -> Any:
    return np.bincount(np.searchsorted(ids, grids[np.isin(grids, ids)]), minlength=len(ids))


def mondays(day0: date, weeks: pd.Series) -> list[date]:
    """First days of weeks by number."""
    known = {int(w): date.fromordinal(day0.toordinal() + DAYS * int(w)) for w in weeks.unique()}
    return [known[int(w)] for w in weeks]


def maps(tables: Mapping[str, pd.DataFrame]) -> dict[str, pa.Table]:
    """The tables of maps from frames of the same names."""
    return {name: of_frame(name, frame) for name, frame in tables.items()}
