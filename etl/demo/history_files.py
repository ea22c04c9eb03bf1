"""Years before the tickets: counts of 2021–2023 by day, type, district, channel. Zero counts have no row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from etl.demo import names, write
from etl.demo.clock import DAY, at, day_number, days_between, is_month_edge, is_statutory_holiday, is_workday
from etl.demo.rng import Streams

_WEEKDAY = np.array((1.10, 1.04, 1.0, 0.98, 1.02, 0.94, 0.90))
# Past outbreaks: first day, days, type, district (None = all), factor.
OUTBREAKS: tuple[tuple[str, int, int, int | None, float], ...] = (
    ("2021-07-28", 4, names.NET, 3, 6.0),
    ("2021-11-03", 6, names.TAR, None, 2.6),
    ("2022-04-12", 5, names.SVC, 0, 3.5),
    ("2022-09-15", 2, names.NET, 2, 5.0),
    ("2023-03-01", 7, names.TAR, None, 2.2),
    ("2023-07-09", 3, names.NET, 4, 6.0),
    ("2023-11-11", 4, names.BIZ, None, 2.4),
)


def write_history(streams: Streams, folder: Path, scale: int, twin: bool) -> None:
    rng = streams.get("history")
    days = days_between(date(2021, 1, 1), date(2023, 12, 31))
    level = np.empty(len(days))
    for n, day in enumerate(days):
        season = 1 + 0.06 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 215) / 365)
        weekday = 0 if is_workday(day) and day.weekday() > 4 else day.weekday()
        trend = 1 - 0.09 * (len(days) - n) / len(days)
        level[n] = 65.6 * _WEEKDAY[weekday] * season * trend * (0.80 if is_statutory_holiday(day) else 1.0) * scale
    level *= np.exp(rng.normal(0, 0.06, len(days)))
    edge = np.array([is_month_edge(d) for d in days])
    share = np.array(names.TYPE_SHARES) / 100
    lift = np.ones((len(days), 5))
    lift[edge, names.TAR], lift[edge, names.BIZ] = 1.5, 1.3
    channel = np.zeros(len(names.CHANNELS))
    channel[:4] = np.array([0.40, 0.30, 0.20, 0.10]) * 0.9715
    channel[4:10] = 0.015 / 6
    channel[10:15] = 0.0075 / 5
    channel[15] = 0.006
    net = np.array(names.NET_WEIGHTS) / 100
    other = (np.array(names.ALL_WEIGHTS) / 100 - 0.35 * net) / 0.65
    district = np.array([net, other, other, other, other])
    mean = level[:, None, None] * (share * lift)[:, :, None] * district[None]
    first = day_number(days[0])
    if not twin:
        for when, length, kind, where, factor in OUTBREAKS:
            begin = at(when) // DAY - first
            target = slice(None) if where is None else where
            mean[begin : begin + length, kind, target] *= factor
    counts = rng.poisson(mean[..., None] * channel)
    d, t, r, c = np.nonzero(counts)
    dates = np.array([str(x) for x in days], dtype=object)
    columns: dict[str, write.Column] = {
        "日期": dates[d], "投诉类型": np.array(names.TYPES, dtype=object)[t],
        "区县": np.array(names.DISTRICT_NAMES, dtype=object)[r], "渠道": np.array(names.CHANNEL_NAMES,
        dtype=object)[c],
        "投诉量": counts[d, t, r, c],
    }  # fmt: skip
    write.csv(folder / "历史投诉量_2021-2023.csv", write.table(columns))
