"""热点与TOP: hotspots, districts, level-3 types, halls and cells of the week, each new, continuing or worse.

A role of figures only sees neither single cells nor fewer than five customers; that holds for the whole issue.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from alerts.review.asked import Asked, is_hidden_note, plain, seen
from alerts.review.bundle import Chart, Column, Item, Map, Place, Screen, Table, Words
from alerts.review.texts import same, say, sentence, word
from alerts.sentence import DASH
from warehouse import cells, spots, tops
from warehouse.analysis.cell_excess import KINDS, with_excess, with_kind
from warehouse.analysis.intervals import two_count_p
from warehouse.hotspots import radio
from warehouse.hotspots.settings import settings
from warehouse.periods import Period
from warehouse.query import SMALL_CELL, Filters

TOP = 10
DECIDE = 3
BEFORE = 4  # weeks a place in the list is compared with
WANTING = ("new", "worse")
TOPS: dict[tops.By, str] = {"hall_id": "halls", "package_name": "packages"}


def screen(asked: Asked) -> Screen:
    found = spots.of_week(asked.sources.reader, asked.viewer, asked.now.first)
    english = [None if pd.isna(p) else asked.sources.names("place", str(p), "en") for p in found["place_id"]]
    found = found.assign(place_en=english)
    said = finding(found)
    items = [_list(asked, found, said), *_wanting(found)]
    items += [
        i
        for i in (_details(asked), _districts(asked), *(_top(asked, by) for by in TOPS), _cells(asked))
        if i is not None
    ]
    return Screen(name="hotspots", title=say("screen_hotspots"), finding=said, items=tuple(items))


def finding(found: pd.DataFrame) -> Words:
    """How many there are, how they fare, and which one comes first."""
    alive = found[found["state"] != spots.GONE]
    if alive.empty:
        return say("spots_gone", n=len(found)) if len(found) else say("spots_none")
    counts = alive["state"].value_counts()
    first = next(alive.itertuples())
    parts = [
        say("spots_finding", n=len(alive), fresh=int(counts.get("new", 0)), worse=int(counts.get("worse", 0))),
        say("spots_first", place=_place(first), n=first.n_customers, cause=word("cause", str(first.cause))),
    ]
    return sentence(parts)


def _place(row: Any) -> Words:
    name, town = (None if pd.isna(v) else str(v) for v in (row.place_name, row.town))
    own = getattr(row, "place_en", None)
    is_named = isinstance(own, str) and own != getattr(row, "place_id", None)
    english = own if is_named else name
    told = [" · ".join(part for part in (first, town) if part) or str(row.hotspot_id) for first in (name, english)]
    return Words(zh=told[0].replace(" · ", "·"), en=told[1])


def _within(row: Any, name: str) -> Words:
    """A count of some of a hotspot's customers, or that it is not told."""
    n = plain(getattr(row, name))
    return same((DASH if getattr(row, f"is_rest_{name}", False) else f"<{SMALL_CELL}") if n is None else f"{n:.0f}")


def _list(asked: Asked, found: pd.DataFrame, said: Words) -> Item:
    rows: list[tuple[Any, ...]] = []
    for r in found.head(TOP).itertuples():
        state, place, cause = word("spot", str(r.state)), _place(r), word("cause", str(r.cause))
        rows.append(
            (
                str(r.hotspot_id),
                state.zh,
                state.en,
                place.zh,
                place.en,
                plain(r.n_customers),
                plain(r.expected),
                plain(r.n_repeat),
                plain(r.n_weeks),
                cause.zh,
                cause.en,
            )  # fmt: skip
        )
    columns = (
        Column(name="hotspot_id", title=say("column_number"), kind="id"),
        Column(name="state", title=say("column_state")),
        Column(name="state_en", title=say("column_state")),
        Column(name="place", title=say("column_place")),
        Column(name="place_en", title=say("column_place")),
        Column(name="customers", title=say("column_customers"), kind="count"),
        Column(name="expected", title=say("column_expected"), kind="number"),
        Column(name="repeats", title=say("column_repeats"), kind="count"),
        Column(name="weeks", title=say("column_weeks"), kind="count"),
        Column(name="cause", title=say("column_cause")),
        Column(name="cause_en", title=say("column_cause")),
    )
    table = Table(title=say("spots_table"), columns=columns, rows=tuple(rows), note=say("spots_note"))
    return Item(id="spots", finding=said, tables=(table,) if rows else (), evidence=(say("spots_how"),))


def _wanting(found: pd.DataFrame) -> list[Item]:
    """The hotspots that are new or got worse: each wants a decision."""
    items = []
    for r in found[found["state"].isin(WANTING)].head(DECIDE).itertuples():
        said = say(
            "spot_item", place=_place(r), state=word("spot", str(r.state)), n=r.n_customers, days=r.window_days,
            expected=plain(r.expected), cause=word("cause", str(r.cause)),
        )  # fmt: skip
        people = {"repeats": _within(r, "n_repeat"), "escalated": _within(r, "n_escalated")}
        evidence = say("spot_evidence", **people, weeks=r.n_weeks, score=r.score)
        items.append(
            Item(
                id=str(r.hotspot_id),
                finding=said,
                source=f"hotspot:{r.hotspot_id}",
                evidence=(evidence,),
                wants_decision=True,
            )  # fmt: skip
        )
    return items


def _details(asked: Asked) -> Item | None:
    """Level-3 types: the ten with most complaints, against their mean of the four weeks before."""
    if "type_detail" not in asked.sources.reader.filled("mart_ticket"):
        return None
    earlier = _earlier(asked)
    told = asked.figures(["M01"], ("type_detail", "type_l1"), [asked.now])
    before = asked.figures(["M01"], ("type_detail", "type_l1"), [earlier], viewer=asked.whole)
    now = seen(told[told["period"] == "now"], "M01_num").dropna(subset=["type_detail"])
    past = before.set_index(["type_detail", "type_l1"])
    ranked = now.sort_values("M01", ascending=False, kind="stable").head(TOP)
    if ranked.empty:
        return None
    rows: list[tuple[Any, ...]] = []
    for r in ranked.itertuples():
        usual, shown = _usual(past, (r.type_detail, r.type_l1), "M01")
        kind = asked.name("type", r.type_l1)
        state = _state(float(r.M01), usual)
        rows.append((str(r.type_detail), kind.zh, kind.en, r.M01, shown,
                     word("spot", state).zh, word("spot", state).en))  # fmt: skip
    risen = [r for r in rows if r[5] in (word("spot", "new").zh, word("spot", "worse").zh)]
    first = rows[0]
    said = say("details_finding", name=first[0], n=first[3], risen=len(risen), of=len(rows))
    columns = (
        Column(name="detail", title=say("column_detail")),
        Column(name="type", title=say("column_type")),
        Column(name="type_en", title=say("column_type")),
        Column(name="n", title=say("column_now"), kind="count"),
        Column(name="usual", title=say("column_usual"), kind="number"),
        Column(name="state", title=say("column_state")),
        Column(name="state_en", title=say("column_state")),
    )
    note = is_hidden_note(told[told["period"] == "now"], "M01_num")
    table = Table(title=say("details_table"), columns=columns, rows=tuple(rows), note=note)
    chart = Chart(
        title=said, subtitle=say("details_subtitle"), form="bar",
        columns=(columns[0], columns[3], columns[4]), rows=tuple((r[0], r[3], r[4]) for r in rows),
    )  # fmt: skip
    return Item(id="details", finding=said, charts=(chart,), tables=(table,), evidence=(say("details_how"),))


def _state(now: float, earlier: float | None) -> str:
    """new where nothing was seen in four weeks, worse or easing beyond chance, else persisting."""
    if not earlier:
        return "new"
    if two_count_p(now, earlier, 1, BEFORE) >= 0.05:
        return "persisting"
    return "worse" if now > earlier / BEFORE else "easing"


def _districts(asked: Asked) -> Item | None:
    """Complaints per 10,000 users by district, as map and table."""
    ids = asked.supported(["M02", "M01"])
    if "M02" not in ids:
        return None
    told = asked.figures(ids, ("region_code",))
    told = told[told["region_code"].notna()]
    now = told[told["period"] == "now"]
    shown = seen(now, "M01_num").dropna(subset=["M02"]).sort_values("M02", ascending=False, kind="stable")
    if shown.empty or (asked.is_part and len(shown) == 1):
        return None
    past = told[told["period"] == "before"].set_index("region_code")["M02"]
    rows: list[tuple[Any, ...]] = []
    for r in shown.itertuples():
        named = asked.name("district", r.region_code)
        rows.append((named.zh, named.en, plain(r.M02), plain(past.get(r.region_code)), plain(r.M01)))
    said = say("districts_finding", name=Words(zh=rows[0][0], en=rows[0][1]), value=rows[0][2])
    columns = (
        Column(name="region", title=say("column_region")),
        Column(name="region_en", title=say("column_region")),
        Column(name="value", title=say("column_per_10k"), kind="number"),
        Column(name="before", title=say("column_before"), kind="number"),
        Column(name="n", title=say("column_n"), kind="count"),
    )
    places = tuple(
        Place(code=str(r.region_code), name=asked.name("district", r.region_code), value=plain(r.M02), n=plain(r.M01))
        for r in shown.itertuples()
    )
    hidden = tuple(
        Place(code=str(c), name=asked.name("district", c), value=None)
        for c in now["region_code"] if c not in set(shown["region_code"])
    )  # fmt: skip
    picture = Map(title=said, subtitle=say("districts_subtitle"), unit="number", places=(*places, *hidden))
    note = is_hidden_note(now, "M01_num")
    table = Table(title=say("districts_table"), columns=columns, rows=tuple(rows), note=note)
    return Item(id="districts", finding=said, tables=(table,), map=picture)


def _top(asked: Asked, by: tops.By) -> Item | None:
    """Halls or packages with most complaints, against their mean of the four weeks before; unnamed ones not told."""
    reader, kind = asked.sources.reader, TOPS[by]
    told = tops.counted(reader, asked.viewer, asked.now, by)
    shown = told[~told["is_small"].astype(bool)].head(TOP)
    if shown.empty:
        return None
    past = tops.counted(reader, asked.whole, _earlier(asked), by).set_index("key")
    rows: list[tuple[Any, ...]] = []
    for r in shown.itertuples():
        named = asked.name("hall" if by == "hall_id" else "package", r.key)
        usual, mean = _usual(past, r.key, "n")
        state = word("spot", _state(float(r.n), usual))
        rows.append((named.zh, named.en, r.n, mean, state.zh, state.en))
    risen = sum(r[5] in (word("spot", s).en for s in WANTING) for r in rows)
    said = say(f"{kind}_finding", name=Words(zh=rows[0][0], en=rows[0][1]), n=rows[0][2], risen=risen)
    columns = (
        Column(name="name", title=say("column_name")),
        Column(name="name_en", title=say("column_name")),
        Column(name="n", title=say("column_now"), kind="count"),
        Column(name="usual", title=say("column_usual"), kind="number"),
        Column(name="state", title=say("column_state")),
        Column(name="state_en", title=say("column_state")),
    )
    gone = int(told["is_small"].astype(bool).sum())
    table = Table(title=say(f"{kind}_table"), columns=columns, rows=tuple(rows),
                  note=say("note_hidden", n=gone) if gone else None)  # fmt: skip
    return Item(id=kind, finding=said, tables=(table,), evidence=(say("details_how"),))


def _usual(past: pd.DataFrame, key: Any, value: str) -> tuple[float | None, float | None]:
    """The count of four weeks before, for the test, and its weekly mean, shown where five people stand behind it."""
    if key not in past.index:
        return None, None
    row = past.loc[key]
    n = plain(row[value])
    return n, None if n is None or row["n_customers"] < SMALL_CELL else n / BEFORE


def _earlier(asked: Asked) -> Period:
    """The four weeks before, known at the age of the week before."""
    cutoff = asked.now.moved(-7, "before").cutoff
    return Period("earlier", asked.now.first - timedelta(7 * BEFORE), asked.now.first, cutoff)


def _cells(asked: Asked) -> Item | None:
    """How many cells are of which kind; single ones are for planners."""
    found = cells.network(asked.sources.reader, asked.whole, asked.now.end, Filters())
    if found.empty or found["n_tickets"].sum() == 0:
        return None
    judged = with_kind(with_excess(pd.concat([found, radio.judged(found, settings({}))], axis=1)))
    counts = judged["kind"].value_counts()
    rows = []
    for kind in KINDS:
        named = word("cells", kind)
        rows.append((named.zh, named.en, int(counts.get(kind, 0))))
    columns = (
        Column(name="kind", title=say("column_cells")),
        Column(name="kind_en", title=say("column_cells")),
        Column(name="n", title=say("column_cells_n"), kind="count"),
    )
    said = say("cells_finding", n=rows[0][2], name=Words(zh=rows[0][0], en=rows[0][1]), weeks=cells.WEEKS)
    table = Table(title=say("cells_table"), columns=columns, rows=tuple(rows), note=say("cells_note"))
    return Item(id="cells", finding=said, tables=(table,))
