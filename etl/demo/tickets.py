"""Who complains about what, when and where. What happens to the ticket then is in `course.py`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.actions import Action, move_districts
from etl.demo.city import City
from etl.demo.clock import (
    DAY,
    HOUR,
    LAST_DAY,
    NEW_YEAR,
    START,
    day_number,
    days_between,
    is_month_edge,
    is_statutory_holiday,
    is_workday,
)
from etl.demo.people import draw_channels, draw_halls, draw_people
from etl.demo.places import Places
from etl.demo.plant import Plant
from etl.demo.rng import Streams, quota

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

VALID_2024 = 24_000
COMPLAINT, FAULT, ENQUIRY = range(3)
INVALID, ORDINARY, KEY = range(3)

# 24 hourly weights: network in the evening, fees and handling in office hours, service in between.
_HOURS = {
    names.NET: (3, 2, 1, 1, 1, 2, 6, 14, 26, 34, 38, 36, 34, 32, 34, 36, 38, 44, 60, 92, 104, 98, 52, 14),
    names.SVC: (1, 1, 0, 0, 0, 1, 4, 18, 48, 70, 72, 60, 42, 46, 60, 66, 60, 48, 36, 34, 32, 26, 12, 4),
    names.TAR: (1, 0, 0, 0, 0, 1, 4, 20, 60, 100, 104, 78, 38, 44, 68, 98, 94, 60, 34, 30, 26, 18, 8, 2),
    names.BIZ: (0, 0, 0, 0, 0, 1, 3, 18, 62, 104, 106, 76, 36, 42, 70, 100, 92, 56, 26, 20, 16, 10, 5, 1),
    names.TRM: (1, 0, 0, 0, 0, 1, 4, 16, 44, 64, 66, 56, 44, 46, 58, 62, 60, 56, 50, 48, 44, 32, 14, 4),
}
_WEEKDAY = (1.10, 1.04, 1.0, 0.98, 1.02, 0.94, 0.90)


@dataclass
class Tickets:
    """Struct of arrays, ordered by acceptance. Seconds, unknown -1; coordinates WGS-84, unknown NaN."""

    ids: list[str]
    plant: Ints  # index into the plants, -1 when drawn
    accepted: Ints
    subtype: Ints
    third: Ints
    kind: Ints
    validity: Ints
    merged_into: Ints  # row, -1 when not merged
    root: Ints  # row of the first ticket of the chain
    is_repeat: Bools
    channel: Ints
    age: Ints
    district: Ints
    home: Ints
    town: Ints
    estate: Ints  # named estate, -1 when blank
    lon: Floats
    lat: Floats
    grade: Ints  # 0 A … 3 D
    cell: Ints
    hall: Ints
    customer: Ints
    customer_kind: Ints
    star: Ints
    tenure: Ints
    vip: Bools
    package: Ints
    terminal: Ints

    def __len__(self) -> int:
        return len(self.accepted)

    @property
    def l1(self) -> Ints:
        return names.SUBTYPE_L1[self.subtype]

    @property
    def counted(self) -> Bools:
        """Tickets that stand in the quotas: complaint or fault, not invalid, not merged."""
        return (self.kind != ENQUIRY) & (self.validity != INVALID) & (self.merged_into < 0)

    @property
    def in_2024(self) -> Bools:
        return self.accepted < NEW_YEAR


def day_weights(streams: Streams, twin: bool = False) -> tuple[Ints, Floats, Bools]:
    """Day numbers, common weight of each day, and whether it is a month edge."""
    rng = streams.get("tickets", "days")
    days = days_between(START, LAST_DAY)
    weight = np.empty(len(days))
    for n, day in enumerate(days):
        season = 1 + 0.05 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 215) / 365)
        factor = _WEEKDAY[0 if is_workday(day) and day.weekday() > 4 else day.weekday()] * season
        if is_statutory_holiday(day):
            factor *= 0.80
        weight[n] = factor
    weekly = np.repeat(rng.normal(0, 0.035, len(days) // 7 + 1), 7)[: len(days)]
    noise = weekly + rng.normal(0, 0.06, len(days))
    weight *= np.exp(0.0 if twin else noise)
    return (
        np.array([day_number(d) for d in days]),
        weight,
        np.array([is_month_edge(d) for d in days]),
    )


def draw(streams: Streams, city: City, plants: list[Plant], actions: list[Action], scale: int, twin: bool) -> Tickets:
    """Draw every ticket of the city; `plants` take their places inside the quotas, `actions` have effects."""
    day, weight, edge = day_weights(streams, twin)
    in_2024 = day < NEW_YEAR // DAY
    plant_l1 = np.array([names.SUBTYPES[names.SUBTYPE_OF[p.subtype]].l1 for p in plants], dtype=np.int64)
    plant_2024 = np.array([p.when < NEW_YEAR for p in plants], dtype=bool)
    subtype: list[Ints] = []
    accepted: list[Ints] = []
    rng = streams.get("tickets", "when")
    total_2025 = round(VALID_2024 * scale * weight[~in_2024].sum() / weight[in_2024].sum())
    for mask, total, planted in (
        (in_2024, VALID_2024 * scale, plant_2024),
        (~in_2024, total_2025, ~plant_2024),
    ):
        for l1, amount in enumerate(quota(total, list(names.TYPE_SHARES))):
            amount -= int((planted & (plant_l1 == l1)).sum())
            members = [i for i, s in enumerate(names.SUBTYPES) if s.l1 == l1]
            for s, n in zip(members, quota(amount, [names.SUBTYPES[m].share for m in members]), strict=True):
                daily = (weight * np.where(edge, names.SUBTYPES[s].edge, 1.0))[mask]
                counts = rng.multinomial(n, daily / daily.sum())
                chosen = np.repeat(day[mask], counts)
                hours = np.array(_HOURS[l1], dtype=float)
                hour = rng.choice(24, n, p=hours / hours.sum())
                subtype.append(np.full(n, s))
                accepted.append(chosen * DAY + hour * HOUR + rng.integers(0, HOUR, n))
    subtype.append(np.array([names.SUBTYPE_OF[p.subtype] for p in plants], dtype=np.int64))
    accepted.append(np.array([p.when for p in plants], dtype=np.int64))
    what, when = np.concatenate(subtype), np.concatenate(accepted)
    which = np.concatenate([np.full(len(when) - len(plants), -1), np.arange(len(plants))])
    order = np.argsort(when, kind="stable")
    what, when, which = what[order], when[order], which[order]
    extra = _outside(streams, what, when, which)
    return _fill(streams, city, plants, actions, what, when, which, extra, twin)


@dataclass
class _Outside:
    """Rows outside the quotas: enquiries, invalid ones, duplicates of earlier rows."""

    source: Ints
    kind: Ints
    validity: Ints
    is_duplicate: Bools
    when: Ints


def _outside(streams: Streams, what: Ints, when: Ints, which: Ints) -> _Outside:
    rng = streams.get("tickets", "outside")
    n = len(when)
    drawn = np.flatnonzero(which < 0)
    enquiries, invalid, merged = round(0.02 * n), round(0.01 * n), round(0.004 * n)
    source = rng.choice(drawn, enquiries + invalid + merged, replace=False)
    kind = np.repeat([ENQUIRY, COMPLAINT, COMPLAINT], [enquiries, invalid, merged])
    validity = np.repeat([ORDINARY, INVALID, ORDINARY], [enquiries, invalid, merged])
    duplicate = np.repeat([False, False, True], [enquiries, invalid, merged])
    shift = np.where(duplicate, rng.integers(20 * 60, 20 * HOUR, len(source)), rng.integers(-1800, 1800, len(source)))
    limit = (day_number(LAST_DAY) + 1) * DAY - 60
    late = np.minimum(when[source] + shift, limit)
    return _Outside(source, kind, validity, duplicate, np.maximum(late, when[0]))


def _repeats(rng: np.random.Generator, what: Ints, when: Ints, district: Ints, which: Ints, twin: bool) -> Ints:
    """Parent row of each repeat, else -1: same subtype and district, 2 to 29 days before. Few in the twin."""
    parent = np.full(len(when), -1)
    group = what * len(names.DISTRICTS) + district
    months = when.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) - 54 * 12
    candidates = []
    for month in range(months.min(), months.max() + 1):
        rate = 0.11 if month < 6 else max(0.08, 0.11 - 0.005 * (month - 5))
        rate = 0.02 if twin else rate
        inside = np.flatnonzero((months == month) & (which < 0))
        planted = round(rate * (months == month).sum())
        if month == 0:
            inside = inside[when[inside] > when[0] + 5 * DAY]
        candidates.append(rng.choice(inside, min(planted, len(inside)), replace=False))
    chosen = np.sort(np.concatenate(candidates))
    order = np.lexsort((when, group))
    sorted_key = group[order].astype(np.int64) * 10**11 + when[order]
    eligible = which[order] < 0
    low = np.searchsorted(sorted_key, group[chosen] * 10**11 + when[chosen] - 29 * DAY)
    high = np.searchsorted(sorted_key, group[chosen] * 10**11 + when[chosen] - int(2.1 * DAY))
    pick = low + (rng.random(len(chosen)) * np.maximum(high - low, 1)).astype(np.int64)
    found = (high > low) & eligible[np.minimum(pick, len(order) - 1)]
    parent[chosen[found]] = order[pick[found]]
    while True:
        # Two children of one ticket may stand close together; nearer than two days would read as a duplicate.
        root = _roots(parent)
        chain = np.lexsort((when, root))
        near = (root[chain][1:] == root[chain][:-1]) & (np.diff(when[chain]) < 2.1 * DAY)
        if not near.any():
            return parent
        parent[chain[1:][near]] = -1


def _roots(parent: Ints) -> Ints:
    root = np.where(parent < 0, np.arange(len(parent)), parent)
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further


def _fill(
    streams: Streams,
    city: City,
    plants: list[Plant],
    actions: list[Action],
    what: Ints,
    when: Ints,
    which: Ints,
    extra: _Outside,
    twin: bool,
) -> Tickets:
    n, m = len(when), len(extra.source)
    rng = streams.get("tickets", "where")
    l1 = names.SUBTYPE_L1[what]
    net = l1 == names.NET
    weights = [np.array(w, dtype=float) / sum(w) for w in (names.ALL_WEIGHTS, names.NET_WEIGHTS)]
    # All types together follow the first weights: the others are drawn so that the mix comes out.
    other = (weights[0] - 0.35 * weights[1]) / 0.65
    district = np.where(net, rng.choice(7, n, p=weights[1]), rng.choice(7, n, p=other / other.sum()))
    district = move_districts(streams.get("actions", "move"), actions, what, when, district, which < 0)
    for row in np.flatnonzero(which >= 0):
        plant = plants[which[row]]
        if plant.estate is not None:
            district[row] = names.TOWNS[city.estates.town[plant.estate]].district
        elif plant.hall is not None:
            district[row] = names.TOWNS[city.halls.town[plant.hall]].district
        elif plant.district is not None:
            district[row] = plant.district
    parent = _repeats(streams.get("tickets", "repeats"), what, when, district, which, twin)
    by_customer: dict[str, int] = {}
    for row in np.flatnonzero(which >= 0):
        key = plants[which[row]].customer
        if key:
            first = by_customer.setdefault(key, int(row))
            parent[row] = first if first != row and what[first] == what[row] else parent[row]
    root = _roots(parent)

    place = Places(streams, city, plants, actions, what, when, which, district, root, twin)
    person = draw_people(streams, n, root, l1, what)
    channel, age = draw_channels(streams, plants, l1, when, which, parent, twin)
    age = age[root]
    hall = draw_halls(streams, city, plants, what, which, channel, place.town)

    # Enquiries, invalid rows and duplicates borrow from their source row; only duplicates keep its customer.
    source = extra.source

    def both(values: Ints) -> Ints:
        return np.concatenate([values, values[source]])

    customer_seed = np.concatenate([root, np.where(extra.is_duplicate, root[source], n + np.arange(m))])
    all_when = np.concatenate([when, extra.when])
    order = np.argsort(all_when, kind="stable")
    position = np.empty(n + m, dtype=np.int64)
    position[order] = np.arange(n + m)
    merged = np.concatenate([np.full(n, -1), np.where(extra.is_duplicate, position[source], -1)])
    fault = streams.get("tickets", "fault").random(n) < np.where(net, 0.35, np.where(l1 == names.TRM, 0.4, 0.02))
    key_share = streams.get("tickets", "validity").random(n) < 0.12
    third = streams.get("tickets", "third").random(n)
    sizes = np.array([len(s.thirds) for s in names.SUBTYPES])
    # The first third-level type of a subtype is the commonest.
    third_code = np.minimum((third**1.6 * sizes[what]).astype(np.int64), sizes[what] - 1)
    for row in np.flatnonzero(which >= 0):
        if plants[which[row]].third:
            third_code[row] = names.SUBTYPES[what[row]].thirds.index(plants[which[row]].third)
    tickets = Tickets(
        ids=[],
        plant=np.concatenate([which, np.full(m, -1)]),
        accepted=all_when,
        subtype=both(what),
        third=both(third_code),
        kind=np.concatenate([np.where(fault, FAULT, COMPLAINT), extra.kind]),
        validity=np.concatenate([np.where(key_share, KEY, ORDINARY), extra.validity]),
        merged_into=merged,
        root=np.concatenate([position[root], position[n:]]),
        is_repeat=np.concatenate([parent >= 0, np.zeros(m, dtype=bool)]),
        channel=both(channel),
        age=both(age),
        district=both(district),
        home=both(place.home),
        town=both(place.town),
        estate=both(place.estate),
        lon=np.concatenate([place.lon, place.lon[source]]),
        lat=np.concatenate([place.lat, place.lat[source]]),
        grade=both(place.grade),
        cell=both(place.cell),
        hall=both(hall),
        customer=customer_seed,
        customer_kind=both(person["kind"]),
        star=both(person["star"]),
        tenure=both(person["tenure"]),
        vip=np.concatenate([person["vip"], person["vip"][source]]).astype(bool),
        package=both(person["package"]),
        terminal=both(person["terminal"]),
    )
    # Extra rows never come through outside bodies: those raise warnings of their own.
    tickets.channel[n:] = np.where(tickets.channel[n:] >= 10, names.HOTLINE, tickets.channel[n:])
    for name, values in vars(tickets).items():
        if isinstance(values, np.ndarray):
            setattr(tickets, name, values[order])
    tickets.ids = _ids(tickets, plants)
    return tickets


def _ids(tickets: Tickets, plants: list[Plant]) -> list[str]:
    days = tickets.accepted // DAY
    starts = np.searchsorted(days, days)
    label = np.datetime_as_string(days.astype("datetime64[D]"))
    ids = [f"YZ{d.replace('-', '')}{s + 1:06d}" for d, s in zip(label, np.arange(len(days)) - starts, strict=True)]
    for row in np.flatnonzero(tickets.plant >= 0):
        ids[row] = plants[tickets.plant[row]].ticket_id or ids[row]
    return ids


__all__ = ["NEW_YEAR", "Tickets", "draw"]
