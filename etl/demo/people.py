"""Who complains and how they reach us: customer attributes, channel and age by quota, business hall."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.city import City
from etl.demo.clock import DAY, HOUR, NEW_YEAR
from etl.demo.plant import Plant
from etl.demo.rng import Streams, quota

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def draw_people(streams: Streams, n: int, root: Ints, l1: Ints, what: Ints) -> dict[str, Ints]:
    rng = streams.get("tickets", "people")
    stutter = what == names.SUBTYPE_OF["视频卡顿"]
    share = np.array([t[2] for t in names.TERMINALS])
    terminal = rng.choice(len(share), n, p=share / share.sum())
    terminal = np.where(stutter & (rng.random(n) < 0.45), names.SYMPTOMATIC_TERMINAL, terminal)
    terminal = np.where(rng.random(n) < np.where(np.arange(n) < n * 0.4, 0.22, 0.10), -1, terminal)
    package_share = np.array([p[3] for p in names.PACKAGES])
    vip = (rng.random(n) < 0.05).astype(np.int64)
    person = {
        "kind": rng.choice(3, n, p=[0.78, 0.15, 0.07]),
        "star": np.clip(rng.poisson(2.2, n) + 2 * vip, 0, 7),
        "tenure": np.maximum(1, rng.gamma(1.6, 48, n).astype(np.int64)),
        "vip": vip,
        "package": rng.choice(len(package_share), n, p=package_share / package_share.sum()),
        "terminal": terminal,
    }
    return {name: values[root] for name, values in person.items()}


def draw_channels(
    streams: Streams, plants: list[Plant], l1: Ints, when: Ints, which: Ints, parent: Ints, twin: bool
) -> tuple[Ints, Ints]:
    rng = streams.get("tickets", "channels")
    n = len(l1)
    channel = np.full(n, -1)
    for row in np.flatnonzero(which >= 0):
        if plants[which[row]].channel:
            channel[row] = names.CHANNEL_OF[plants[which[row]].channel]
    for year in (when < NEW_YEAR, when >= NEW_YEAR):
        total = int(year.sum())
        special = [(0.006, (names.SUPERVISION,)), (0.003, (names.HEIMAO, names.MEDIA)),
                   (0.003, (names.CONSUMER, names.GOV12345)), (0.0015, (names.MIIT,))]  # fmt: skip
        for share, members in special:
            need = 0 if twin else round(share * total) - int((year & np.isin(channel, members)).sum())
            for want_repeat, part in ((True, 0.6), (False, 0.4)):
                pool = np.flatnonzero(year & (channel < 0) & (which < 0) & ((parent >= 0) == want_repeat))
                pick = rng.choice(pool, min(max(round(need * part), 0), len(pool)), replace=False)
                channel[pick] = rng.choice(members, len(pick), p=[0.8, 0.2] if len(members) == 2 else [1.0])
        pool = np.flatnonzero(year & (channel < 0) & (which < 0))
        social = rng.choice(pool, round(0.015 * total), replace=False)
        channel[social] = rng.choice(np.arange(4, 10), len(social), p=[0.4, 0.15, 0.15, 0.1, 0.08, 0.12])
        base = int((year & ((channel < 0) | (channel < 4))).sum())
        targets = quota(base, [40, 30, 20, 10]) - np.array([int((year & (channel == c)).sum()) for c in range(4)])
        open_hours = (when % DAY >= int(8.5 * HOUR)) & (when % DAY < 18 * HOUR)
        service = year & (channel < 0) & (l1 == names.SVC)
        dealt = quota(int(service.sum()), [48, 24, 13, 15])
        _deal_channels(rng, channel, service, dealt, open_hours)
        _deal_channels(rng, channel, year & (channel < 0), targets - dealt, open_hours)
    odds = np.array(names.AGE_CHANNEL) * np.array(names.AGE_SHARES)[:, None]
    cumulative = np.cumsum(odds / odds.sum(axis=0), axis=0)
    draw_age = rng.random(n)
    main = np.where(channel < 4, channel, 1)
    age = (draw_age[:, None] > cumulative.T[main]).sum(axis=1)
    return channel, np.minimum(age, 2)


def _deal_channels(rng: np.random.Generator, channel: Ints, rows: Bools, amounts: Ints, open_hours: Bools) -> None:
    """Deal exact amounts of the four main channels; the hall takes only rows of its opening hours."""
    pool = np.flatnonzero(rows & open_hours)
    channel[rng.choice(pool, min(int(amounts[names.HALL]), len(pool)), replace=False)] = names.HALL
    rest = np.flatnonzero(rows & (channel < 0))
    channel[rest] = rng.permutation(np.repeat(np.arange(3), quota(len(rest), amounts[:3])))


def draw_halls(
    streams: Streams, city: City, plants: list[Plant], what: Ints, which: Ints, channel: Ints, town: Ints
) -> Ints:
    rng = streams.get("tickets", "halls")
    n = len(what)
    by_district = [
        [h for h, t in enumerate(city.halls.town) if names.TOWNS[t].district == d] for d in range(len(names.DISTRICTS))
    ]
    district = np.array([t.district for t in names.TOWNS])[town]
    hall = np.full(n, -1)
    about = np.isin(what, [names.SUBTYPE_OF["营业厅态度差/顶撞"]]) | (channel == names.HALL)
    for d, members in enumerate(by_district):
        rows = np.flatnonzero(about & (district == d))
        share = np.array([3.0 if names.TOWNS[city.halls.town[h]].urban else 1.0 for h in members])
        hall[rows] = rng.choice(members, len(rows), p=share / share.sum())
    for row in np.flatnonzero(which >= 0):
        if plants[which[row]].hall is not None:
            hall[row] = plants[which[row]].hall
    return hall
