"""The kind that joins signals, on days of a made-up town: which rule tells of what, and what must not matter."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from alerts.signals import joined

N_AREAS, N_DAYS = 12, 300
FIRST = date(2024, 1, 1)
SORTS = ("all", "network", "voice")


def days(seed: int = 1, asked: int = 3) -> pd.DataFrame:
    """Twelve areas in a row, 10 km apart but for the last two; the newest days are asked about."""
    rng = np.random.default_rng(seed)
    rows = []
    for a in range(N_AREAS):
        for d in range(N_DAYS):
            on = FIRST + timedelta(days=d)
            at = datetime(on.year, on.month, on.day) + timedelta(days=1)
            n = rng.poisson(1.0)
            rows.append({
                "scope_id": f"town:{a:02d}", "day_on": pd.Timestamp(on),
                "seen_ats": [at] if d >= N_DAYS - asked else None,
                "region_code": "1", "place_id": None, "lon": 119 + (0.1 * a if a < N_AREAS - 1 else 1.03), "lat": 32.5,
                "n_cells": 9, "n_complaints": rng.poisson(2.0), "n_dropped": rng.normal(100, 4), "n_releases": 10000,
                "mbit": rng.normal(30000, 900), "active_s": 1000.0, "n_weak": rng.normal(500, 20), "n_samples": 10000,
                "n_good": rng.binomial(n, 0.8), "n_answers": n,
            })  # fmt: skip
    return pd.DataFrame(rows)


def lately(frame: pd.DataFrame, area: int, n: int = 14) -> pd.Series:
    return (frame["scope_id"] == f"town:{area:02d}") & (
        frame["day_on"] >= pd.Timestamp(FIRST + timedelta(days=N_DAYS - n))
    )


def newest(frame: pd.DataFrame) -> pd.DataFrame:
    """What each of the three rules says at the newest instant, by area."""
    told = {sort: joined.joined(frame, {"profile": sort}) for sort in SORTS}
    last = told["all"]["seen_at"].max()
    return pd.DataFrame({s: t[t["seen_at"] == last].set_index("scope_id")["value"] for s, t in told.items()})


def worsen(frame: pd.DataFrame, area: int, network: bool, voice: bool) -> pd.DataFrame:
    worse = frame.copy()
    here = lately(worse, area)
    if network:
        worse.loc[here, "n_dropped"] += 4
        worse.loc[here, "mbit"] -= 900
        worse.loc[here, "n_weak"] += 20
    if voice:
        worse.loc[here, "n_complaints"] += 3
    return worse


@pytest.mark.parametrize(
    "network, voice, sort", [(True, False, "network"), (False, True, "voice"), (True, True, "all")]
)
def test_each_sort_of_incident_is_told_by_its_own_rule_alone(network: bool, voice: bool, sort: str) -> None:
    told = newest(worsen(days(), 4, network, voice)).loc["town:04"]
    assert told.idxmax() == sort and told[sort] > 4.5
    assert (told.drop(sort) == 0).all()


def test_chance_alone_says_nothing() -> None:
    assert newest(days(2)).to_numpy().max() < 4.5


def test_of_two_neighbours_the_worse_one_begins_a_warning() -> None:
    told = newest(worsen(days(3), N_AREAS - 1, True, True)).max(axis=1)
    worst, beside = told[f"town:{N_AREAS - 1:02d}"], told[f"town:{N_AREAS - 2:02d}"]
    assert worst > 4 and 1.5 < beside <= joined.LESS * worst


def test_without_counters_nothing_is_said_of_them() -> None:
    frame = worsen(days(4), 4, False, True)
    gone = lately(frame, 4, 100)
    for column in ("n_dropped", "n_releases", "mbit", "active_s", "n_weak", "n_samples"):
        frame[column] = frame[column].astype(float)
        frame.loc[gone, column] = np.nan
    told = newest(frame)
    assert told.loc["town:04"].isna().all()
    assert told.drop("town:04").notna().all().all()


def test_a_day_alone_says_what_it_says_among_others() -> None:
    frame = worsen(days(5, asked=1), 4, True, True)
    more = worsen(days(5, asked=20), 4, True, True)
    pd.testing.assert_frame_equal(newest(frame), newest(more))


def test_evidence_counts_the_days_it_rests_on() -> None:
    frame = worsen(days(6), 4, False, True)
    told = joined.joined(frame, {"profile": "voice"})
    row = told[(told["scope_id"] == "town:04") & (told["seen_at"] == told["seen_at"].max())].iloc[0]
    mine = frame[lately(frame, 4, int(row["n_days"]))]
    assert row["n"] == mine["n_complaints"].sum()
    assert row["baseline"] < row["n"] and row["complaints_sd"] > 3


def test_nothing_in_nothing_out() -> None:
    assert joined.joined(days().iloc[:0], {"profile": "all"}).empty


def test_neighbours_are_the_nearest_few() -> None:
    lon = 119 + 0.01 * np.arange(8)
    near = joined.neighbours(np.append(lon, 121.0), np.full(9, 32.0))
    assert near[0].tolist() == [1.0, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0]
    assert near[8].tolist() == [0] * 8 + [1.0]
