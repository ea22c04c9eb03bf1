"""附件: what the meeting does not go through: structure, weak spots, a case, sources, the health of the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from alerts import listing
from alerts.burden import load, precision
from alerts.review.asked import Asked, is_hidden_note, plain, seen
from alerts.review.bundle import Column, Item, Table, Words
from alerts.review.texts import same, say, word
from warehouse.measures import measures

STRUCTURE = {"type_l1": "type", "channel_code": "channel", "region_code": "district", "cust_type": "customer"}
LATE_AFTER_PERIODS = 2
RULE_WEEKS = 26
MIN_N = 30


def items(asked: Asked) -> tuple[Item, ...]:
    found = [_structure(asked, by, kind) for by, kind in STRUCTURE.items()]
    found += [_weak(asked), _case(asked), None if asked.is_part else _sources(asked)]
    return tuple(i for i in found if i is not None)


def missing(asked: Asked) -> tuple[Words, ...]:
    """Sources whose newest record is older than twice their rhythm."""
    return tuple(say("source_late", name=same(name), last=last) for name, last in _late(asked))


def _structure(asked: Asked, by: str, kind: str) -> Item | None:
    if by not in asked.sources.reader.filled("mart_ticket"):
        return None
    told = asked.figures(["M01"], (by,), [asked.now])
    shown = seen(told[told[by].notna()], "M01_num").sort_values("M01", ascending=False, kind="stable")
    total = float(told["M01_num"].fillna(0).sum())
    if shown.empty or not total or (asked.is_part and len(shown) == 1):
        return None
    whole = float(asked.figures(["M01"], (), [asked.now])["M01"].iloc[0])
    rows = []
    for r in shown.itertuples():
        named = word("customer", str(getattr(r, by))) if kind == "customer" else asked.name(kind, getattr(r, by))
        rows.append((named.zh, named.en, plain(r.M01), float(r.M01) / whole))
    columns = (
        Column(name="group", title=say("column_group")),
        Column(name="group_en", title=say("column_group")),
        Column(name="n", title=say("column_n"), kind="count"),
        Column(name="share", title=say("column_share"), kind="share"),
    )
    said = say("structure_finding", by=word("by", by), name=Words(zh=rows[0][0], en=rows[0][1]), share=rows[0][3])
    note = is_hidden_note(told[told[by].notna()], "M01_num")
    table = Table(title=say("structure_table", by=word("by", by)), columns=columns, rows=tuple(rows), note=note)
    return Item(id=f"structure_{by}", finding=said, tables=(table,))


def _weak(asked: Asked) -> Item | None:
    """短板清单: departments by type below the target of a rate, with enough cases to say so."""
    ids = [i for i in asked.supported(("M04", "M07", "M09")) if asked.target(i) is not None]
    rows: list[tuple[Any, ...]] = []
    for measure in ids:
        told = asked.figures([measure], ("type_l1",), [asked.now])
        told = told[told["type_l1"].notna()]
        shown = seen(told, f"{measure}_den").dropna(subset=[measure])
        aim, entry = asked.target(measure), measures()[measure]
        for r in shown.itertuples():
            value, n = float(getattr(r, measure)), float(getattr(r, f"{measure}_n"))
            # Surely below: the upper end of the 95 % interval misses the target.
            if n >= MIN_N and float(getattr(r, f"{measure}_high")) < (aim or 0):
                named = asked.name("type", r.type_l1)
                rows.append((named.zh, named.en, entry.zh, entry.en, value, aim, n))
    if not ids:
        return None
    rows.sort(key=lambda r: r[4] - r[5])
    columns = (
        Column(name="type", title=say("column_type")),
        Column(name="type_en", title=say("column_type")),
        Column(name="measure", title=say("column_measure")),
        Column(name="measure_en", title=say("column_measure")),
        Column(name="value", title=say("column_value"), kind="share"),
        Column(name="target", title=say("column_target"), kind="share"),
        Column(name="n", title=say("column_n"), kind="count"),
    )
    said = say("weak_finding", n=len(rows)) if rows else say("weak_none")
    return Item(id="weak", finding=said, tables=(Table(title=say("weak_table"), columns=columns, rows=tuple(rows)),))


def _case(asked: Asked) -> Item | None:
    """本周案例: the case of the library whose type weighs most this week. Masked: words of people, no ticket."""
    book = asked.sources.cases
    if book is None or not book.case:
        return None
    told = asked.figures(["M01"], ("type_code",), [asked.now])
    n = told.set_index("type_code")["M01"].fillna(0)
    # A case whose story goes on after the week is not told yet.
    over = [c for c in book.case if all(step.on <= asked.now.last for step in c.said)]
    if not over:
        return None
    case = max(over, key=lambda c: (float(n.get(c.type_code, 0)), c.id))
    said = say("case_finding", name=Words(zh=case.name.zh, en=case.name.en))
    evidence = (
        Words(zh=case.summary.zh, en=case.summary.en),
        say("case_lesson", text=Words(zh=case.lesson.zh, en=case.lesson.en)),
    )
    return Item(id=f"case_{case.id}", finding=said, source=f"case:{case.id}", evidence=evidence)


def _reached(asked: Asked) -> pd.DataFrame:
    """Per source, what its files of the time before the meeting hold: an earlier week knows nothing of later days.

    source_name, cadence_hours, last_period, n_loaded, n_rejected; the last period ends with the meeting at the latest.
    """
    files = asked.table("fact_file")
    files = files[files["state"].eq("loaded") & ~files["first_period"].ge(asked.at)]
    found = files.groupby("contract", as_index=False).agg(
        {"cadence_hours": "max", "last_period": "max", "n_loaded": "sum", "n_rejected": "sum"}
    )
    last = pd.to_datetime(found["last_period"])
    return found.assign(last_period=last.where(~last.gt(asked.at), asked.at)).rename(
        columns={"contract": "source_name"}
    )


def _late(asked: Asked) -> list[tuple[str, Words]]:
    found = []
    for r in _reached(asked).itertuples():
        if pd.isna(r.cadence_hours) or pd.isna(r.last_period):
            continue
        last = r.last_period.to_pydatetime()
        if asked.at - last > LATE_AFTER_PERIODS * timedelta(hours=float(r.cadence_hours)):
            found.append((str(r.source_name), Words(zh=f"{last:%Y-%m-%d}", en=f"{last:%Y-%m-%d}")))
    return sorted(found, key=lambda f: f[0])


def _sources(asked: Asked) -> Item:
    rows: list[tuple[Any, ...]] = []
    late = {name for name, _ in _late(asked)}
    for r in _reached(asked).sort_values("source_name").itertuples():
        state = word("source", "late" if r.source_name in late else "fresh")
        last = None if pd.isna(r.last_period) else r.last_period.date().isoformat()
        rows.append((str(r.source_name), last, plain(r.n_loaded), plain(r.n_rejected), state.zh, state.en))
    columns = (
        Column(name="source", title=say("column_source"), kind="id"),
        Column(name="last", title=say("column_last"), kind="date"),
        Column(name="loaded", title=say("column_loaded"), kind="count"),
        Column(name="rejected", title=say("column_rejected"), kind="count"),
        Column(name="state", title=say("column_state")),
        Column(name="state_en", title=say("column_state")),
    )
    said = say("sources_late", n=len(late), of=len(rows)) if late else say("sources_fresh", n=len(rows))
    return Item(
        id="sources", finding=said, tables=(Table(title=say("sources_table"), columns=columns, rows=tuple(rows)),)
    )


def rules(asked: Asked) -> Item | None:
    """规则健康: how often each rule spoke in 26 weeks, and how often it was right where people decided."""
    kept = asked.sources.kept
    if kept is None or listing.last_run(kept) is None:
        return None
    told = [r for r in listing.since(kept, asked.ends - timedelta(weeks=RULE_WEEKS)) if r["fired_at"] <= asked.ends]
    known = asked.sources.rules
    health = load(told, known, asked.ends, RULE_WEEKS)
    rows: list[tuple[Any, ...]] = []
    for p in precision(told):
        rule = known.get(p.rule_id)
        named = Words(zh=rule.zh, en=rule.en) if rule else same(p.rule_id)
        rows.append((p.rule_id, named.zh, named.en, p.n_raised / RULE_WEEKS, p.n_decided, plain(p.value),
                     plain(p.low), plain(p.high)))  # fmt: skip
    weak = [r for r in rows if r[7] is not None and r[7] < 0.6]
    columns = (
        Column(name="rule", title=say("column_rule"), kind="id"),
        Column(name="name", title=say("column_name")),
        Column(name="name_en", title=say("column_name")),
        Column(name="per_week", title=say("column_per_week"), kind="number"),
        Column(name="decided", title=say("column_decided"), kind="count"),
        Column(name="right", title=say("column_right"), kind="share"),
        Column(name="low", title=say("column_low"), kind="share"),
        Column(name="high", title=say("column_high"), kind="share"),
    )
    said = say("rules_finding", n=health.n, weeks=RULE_WEEKS, floods=len(health.floods), weak=len(weak))
    table = Table(title=say("rules_table"), columns=columns, rows=tuple(rows), note=say("rules_note"))
    return Item(id="rules", finding=said, tables=(table,))
