"""Deciding what to tell whom: red at once, the rest once a day, nothing twice. Writes the outbox, sends nothing.

What was said is kept with the message in one transaction, so a restart neither repeats nor forgets. Warnings of rules
on trial, silenced ones and those that a greater one has adopted are told to nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alerts import store
from alerts.actions import register
from alerts.actions.item import Action
from alerts.actions.remind import lines
from alerts.board import INCIDENT
from alerts.broadcast import SHOWN, day, line, link, say, worst_first
from alerts.messages import Group, Message, Route, Said, flush, take
from alerts.rules import Rule
from alerts.sentence import Names
from alerts.state import SEVERITIES
from warehouse import ops
from warehouse.workspace import NotifySettings, NotifyTarget

RED = Route(timedelta(0), timedelta(0), timedelta(hours=4))
# A digest goes out at its hour; what is still firing is told again the next day.
DIGEST = Route(timedelta(0), timedelta(days=1), timedelta(hours=23))
LOOKS_BACK = timedelta(days=2)  # how long something that cleared is still news


@dataclass(frozen=True)
class Context:
    """What the wording of a message needs."""

    rules: Mapping[str, Rule]
    names: Names
    settings: NotifySettings
    workspace: Mapping[str, str]
    is_simulated: bool


def plan(kept: sa.Engine, context: Context, now: datetime) -> int:
    """Put into the outbox what is to be told at `now`; gives the number of messages. Twice at one time adds nothing."""
    n = 0
    with ops.writing(kept) as con:
        told, joined, measures = _tellable(con, now), _joined(con), register.items_in(con)
        for target in context.settings.targets:
            here = [r for r in told if _is_here(target, r["region_code"])]
            n_in = {i: sum(n for code, n in of.items() if _is_here(target, code)) for i, of in joined.items()}
            mine = [r for r in as_incidents(here, n_in) if _is_for(target, r)]
            n += _tell(con, context, target, "red", _of(mine, is_red=True), now)
            due = _reminder(con, context, target, measures, now)
            n_digest = _tell(con, context, target, "digest", _of(mine, is_red=False), now, due)
            if due and not n_digest:
                title = say(
                    "title_measures",
                    target.language,
                    day=day(now, target.language),
                    workspace=_of_where(context, target),
                )
                n_digest = _put(con, target, f"{target.name}/measures|{now.date()}", title, "\n".join(due), now)
            if due:
                _remember(con, target, now)
            n += n_digest
    return n


def _tell(
    con: sa.Connection,
    context: Context,
    target: NotifyTarget,
    kind: str,
    rows: list[dict[str, Any]],
    now: datetime,
    more: Sequence[str] = (),
) -> int:
    key, route = f"{target.name}/{kind}", RED if kind == "red" else DIGEST
    group = _kept(con, key)
    at_last = group
    known = {_member(r): r for r in rows}
    for member, row in known.items():
        is_firing = row["condition"] != "cleared"
        if at_last.members.get(member) != is_firing:
            at_last = take(at_last, route, member, is_firing, now)
    # What is no longer tellable, silenced meanwhile or worse by now, leaves without a word.
    at_last = Group({k: v for k, v in at_last.members.items() if k in known}, at_last.flush_at, at_last.said)
    if kind == "digest":
        at_last = Group(at_last.members, _digest_time(context.settings, group, now), at_last.said)
    message: Message | None = None
    if at_last.flush_at is not None and at_last.flush_at <= now:
        at_last, message = flush(at_last, route, now)
    if at_last != group:
        _keep(con, key, at_last)
    if message is None:
        return 0
    title, body = _worded(context, target, kind, message, known, now)
    return _put(con, target, f"{key}|{now.isoformat()}|{message}", title, "\n".join([body, *more]), now)


def _put(con: sa.Connection, target: NotifyTarget, key: str, title: str, body: str, now: datetime) -> int:
    number = hashlib.sha256(key.encode()).hexdigest()[:16]
    con.execute(
        ops.outbox.insert().values(
            message_id=number, target=target.name, created_at=now, title=title, body=body, state="waiting",
            n_tries=0, next_try_at=now,
        )
    )  # fmt: skip
    return 1


def _reminder(
    con: sa.Connection, context: Context, target: NotifyTarget, measures: Sequence[Action], now: datetime
) -> list[str]:
    """What is said of measures with today's digest; nothing before its hour, and nothing a second time that day."""
    told = sa.select(ops.told_group.c.group_json).where(ops.told_group.c.group_key == f"{target.name}/measures")
    if now.time() < context.settings.digest_at or con.execute(told).scalar() == now.date().isoformat():
        return []
    base_url = context.settings.base_url
    measures = [m for m in measures if not target.regions or _is_of(m, target.regions)]
    return lines(measures, now.date(), context.names, target.language, target.owners, base_url)


def _is_of(measure: Action, regions: Sequence[str]) -> bool:
    """Whether a measure is about these districts and says so by their codes; one about a place has none."""
    codes = {code.strip() for code in measure.scope_id.split(",")}
    return measure.scope_kind == "region" and codes <= set(regions)


def _remember(con: sa.Connection, target: NotifyTarget, now: datetime) -> None:
    key = f"{target.name}/measures"
    con.execute(ops.told_group.delete().where(ops.told_group.c.group_key == key))
    con.execute(ops.told_group.insert().values(group_key=key, group_json=now.date().isoformat()))


def _of_where(context: Context, target: NotifyTarget) -> str:
    """The workspace by name, marked where its data are simulated."""
    mark = f" ({say('simulated', target.language)})" if context.is_simulated else ""
    return context.workspace[target.language] + mark


def _digest_time(settings: NotifySettings, group: Group, now: datetime) -> datetime:
    """The hour of today's digest; once that has passed, told or not, that of the next day."""
    return datetime.combine((group.flush_at or now).date(), settings.digest_at)


def _tellable(con: sa.Connection, now: datetime) -> list[dict[str, Any]]:
    w = ops.warning.c
    query = sa.select(ops.warning).where(
        sa.not_(w.is_trial),
        w.handling != "closed",
        sa.or_(w.condition != "cleared", w.cleared_at >= now - LOOKS_BACK),
    )
    rows = [dict(r) for r in con.execute(query).mappings()]
    return [r for r in rows if not store.silenced(con, r["rule_id"], r["scope_id"], now)]


def _joined(con: sa.Connection) -> dict[str, dict[str | None, int]]:
    """Incident -> district -> how many warnings belong to it."""
    w = ops.warning.c
    query = (
        sa.select(w.incident_id, w.region_code, sa.func.count().label("n"))
        .where(w.incident_id.is_not(None))
        .group_by(w.incident_id, w.region_code)
    )
    found: dict[str, dict[str | None, int]] = {}
    for row in con.execute(query).mappings():
        found.setdefault(row["incident_id"], {})[row["region_code"]] = int(row["n"])
    return found


def as_incidents(rows: Sequence[dict[str, Any]], n_in: Mapping[str, int]) -> list[dict[str, Any]]:
    """The warnings with every incident as one: its head, as bad as its worst, for as long as any of it lasts.

    `n_others` says how many more belong to it. What an incident has adopted is not told on its own.
    """
    alone = [r for r in rows if not r["incident_id"]]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["incident_id"]:
            groups.setdefault(row["incident_id"], []).append(row)
    for incident, members in sorted(groups.items()):
        ranked = sorted(members, key=lambda r: (r["warning_id"] != incident.removeprefix(INCIDENT), r["fired_at"]))
        lasts = any(r["condition"] != "cleared" for r in members)
        worst = max((r["severity"] for r in members), key=SEVERITIES.index)
        condition = "firing" if lasts else "cleared"
        alone.append({**ranked[0], "severity": worst, "condition": condition, "n_others": n_in[incident] - 1})
    return alone


def _is_here(target: NotifyTarget, region: str | None) -> bool:
    """Whether what is of a district is for a target; what is of none, such as the whole city, is for no part of it."""
    return not target.regions or region in target.regions


def _is_for(target: NotifyTarget, row: Mapping[str, Any]) -> bool:
    return row["severity"] in target.severities and (not target.owners or row["owner_dept"] in target.owners)


def _of(rows: Sequence[dict[str, Any]], is_red: bool) -> list[dict[str, Any]]:
    return [r for r in rows if (r["severity"] == "red") == is_red]


def _member(row: Mapping[str, Any]) -> str:
    """A warning that got worse is news again."""
    return f"{row['warning_id']}:{row['severity']}"


def _worded(
    context: Context, target: NotifyTarget, kind: str, message: Message, known: Mapping[str, Any], now: datetime
) -> tuple[str, str]:
    lang = target.language
    workspace = _of_where(context, target)
    firing = worst_first([known[m] for m in message.firing])
    cleared = worst_first([known[m] for m in message.cleared])
    n_new = sum(r["fired_at"] > now - DIGEST.interval for r in firing)
    if not firing:
        title = say("title_cleared", lang, n=len(cleared), workspace=workspace)
    elif kind == "red":
        title = say("title_red", lang, n=len(firing), workspace=workspace)
    else:
        title = say("title_digest", lang, day=day(now, lang), n_new=n_new, n_open=len(firing), workspace=workspace)
    said = [say(f"reason_{message.reason}", lang)]
    for row in firing[:SHOWN]:
        others = say("covers", lang, n=row["n_others"]) if row.get("n_others") else ""
        said.append(line(row, context.rules[row["rule_id"]], context.names, lang) + others)
        address = link(context.settings.base_url, row["warning_id"])
        if address:
            said.append(address)
    if len(firing) > SHOWN:
        said.append(say("more", lang, n=len(firing) - SHOWN))
    said += [
        say("cleared", lang) + line(row, context.rules[row["rule_id"]], context.names, lang) for row in cleared[:SHOWN]
    ]
    return title, "\n".join(said)


def _kept(con: sa.Connection, key: str) -> Group:
    text = con.execute(sa.select(ops.told_group.c.group_json).where(ops.told_group.c.group_key == key)).scalar()
    if text is None:
        return Group()
    raw = json.loads(text)
    said = raw["said"]
    return Group(
        raw["members"],
        datetime.fromisoformat(raw["flush_at"]) if raw["flush_at"] else None,
        Said(frozenset(said["firing"]), frozenset(said["cleared"]), datetime.fromisoformat(said["at"]))
        if said
        else None,
    )


def _keep(con: sa.Connection, key: str, group: Group) -> None:
    said = group.said
    text = json.dumps(
        {
            "members": dict(group.members),
            "flush_at": group.flush_at.isoformat() if group.flush_at else None,
            "said": said
            and {"firing": sorted(said.firing), "cleared": sorted(said.cleared), "at": said.at.isoformat()},
        },
        sort_keys=True,
    )
    con.execute(ops.told_group.delete().where(ops.told_group.c.group_key == key))
    con.execute(ops.told_group.insert().values(group_key=key, group_json=text))
