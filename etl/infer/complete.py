"""What no single header gives: clocks, file names, constants, options, types of free text, ids put together."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.infer import answers, collect, derive, nodes
from etl.infer.columns import Drafted, draft_column, needs_network_code
from etl.infer.fit import CELLS
from etl.infer.keys import made_key
from etl.infer.match import Match, is_personal, name_score
from etl.infer.nodes import composed_cell, node_and_cell, year_and_month
from etl.infer.plan import Plan
from etl.infer.profile import Profile
from etl.infer.scope import drafted_scope, scope_of
from etl.infer.types import Reading
from etl.infer.unpivot import figures_to_rows
from etl.infer.values import Known, vocabulary
from etl.infer.words import note

PLACEHOLDER = "?"
SUBJECT = re.compile(r"(?i)主题|标题|subject|title|betreff")
MADE_ID_ROWS = 20
LONG_ID = 30
CLASSIFIED_LEAST = 0.4
SURE_FIGURE, SURE_TICKET = 0.6, 0.85


def complete(
    made: Plan, path: Path, profile: Profile, readings: dict[str, Reading], hits: dict[str, str], known: Known
) -> None:
    """What no header gives by itself: clocks, file names, constants, figures as rows; the rest is asked for."""
    _composed_cells(made, profile, readings)
    _join_clocks(made, profile, readings)
    used = {h for d in made.columns.values() for h in d.headers}
    for joined in collect.sets(made.table, profile, readings, used):
        made.columns[joined.column] = joined
    if made.table.name == "kpi_value":
        _scope(made, profile, readings)
        rows = figures_to_rows_for(made, profile, readings)
        made.unpivot = rows
    if made.table.name == "satisfaction":
        answers.from_marks(made, profile, readings)
    constants = derive.constants_of(made.table, profile, readings, hits, path.stem)
    for column, entry in made.table.columns.items():
        is_wanted = entry.required or column in ("period_minutes", made.table.period_column)
        if column in made.columns or not is_wanted:
            continue
        if column == "test_id" and made.table.name == "drive_test":
            made.columns[column] = Drafted(column, {"capture": "stem"}, notes=[note("stem", "assumed", column=column)])
            made.stem_is_captured = True
            continue
        given = (
            year_and_month(made.table, column, profile, readings)
            or derive.from_name(made.table, column, made.name)
            or derive.constant(made.table, column, path.stem, constants)
        )
        if given is None and entry.required:
            given = _last_resort(made, path, column, profile, readings)
        if given is None and entry.required:
            given = Drafted(column, {"from": f"{PLACEHOLDER}{column}{PLACEHOLDER}"}, score=0.0)
            given.notes.append(note("required", "decide", column=column, table=made.table.name))
        if given is not None:
            made.columns[column] = given
    _join_clocks(made, profile, readings)
    _solved(made, profile, readings, known)
    for column in CELLS:
        drafted = made.columns.get(column)
        if drafted is None or drafted.settings.get("as") != "cell":
            continue
        is_composed = len(drafted.headers) > 1
        if is_composed or needs_network_code(profile[drafted.headers[0]]):
            told = nodes.network_code(profile)
            if told is None and made.places is not None and made.places.country not in ("", "China"):
                if not is_composed:
                    drafted.settings.pop("as")
                continue
            if told is not None:
                made.plmn = told[2]
                made.notes.append(note("mcc_mnc", "assumed", mcc=told[0], mnc=told[1], plmn=told[2]))
                continue
            made.plmn = "460-00"
            made.notes.append(note("plmn", "assumed", column=column))


def _scope(made: Plan, profile: Profile, readings: dict[str, Reading]) -> None:
    """What the figures speak of, so that no two rows of a file share object, period and figure."""
    given, period = made.columns.get("scope_id"), made.columns.get("period_start")
    if period is None or len(period.headers) != 1 or given is not None and len(given.headers) != 1:
        return
    if "kpi_code" in made.columns and "value" in made.columns and made.columns["kpi_code"].score > SURE_FIGURE:
        return
    taken = given.headers[0] if given else ""
    if (own := scope_of(taken, period.headers[0], profile, readings)) and own != [taken]:
        as_cell = node_and_cell(profile, readings) == tuple(own)
        made.columns |= drafted_scope(own, readings, as_cell)


def _join_clocks(made: Plan, profile: Profile, readings: dict[str, Reading]) -> None:
    """Days whose time of day stands in a column of its own."""
    used = {h for d in made.columns.values() for h in d.headers}
    for composed in list(made.columns.values()):
        if taken := derive.with_clock(composed, made.table, profile, readings, used):
            used.add(taken)


def _composed_cells(made: Plan, profile: Profile, readings: dict[str, Reading]) -> None:
    """Where node and cell stand apart, a cell's number alone names a different cell on every node."""
    if (pair := node_and_cell(profile, readings)) is None:
        return
    for column in CELLS:
        own = made.columns.get(column)
        is_alone = own is not None and own.headers in ([pair[0]], [pair[1]])
        if column in made.table.columns and (is_alone or own is None and made.table.columns[column].required):
            made.columns[column] = composed_cell(column, pair)


def _solved(made: Plan, profile: Profile, readings: dict[str, Reading], known: Known) -> None:
    """Whether a ticket is solved, where only its status says so."""
    status = made.columns.get("status")
    if status is None or made.table.name != "ticket" or "is_solved" in made.columns or not status.mapping:
        return
    if (drafted := derive.solved_from_status(status, profile, readings, known)) is not None:
        made.columns["is_solved"] = drafted


def _last_resort(made: Plan, path: Path, column: str, profile: Profile, readings: dict[str, Reading]) -> Drafted | None:
    """A required column under a header that says nothing: the only one that can be it."""
    entry, used = made.table.columns[column], {h for d in made.columns.values() for h in d.headers}
    free = [c for c in profile.columns if c.header not in used and not is_personal(c.header)]
    header = ""
    if column == "ticket_id" and (named := _named_ticket(made, profile, readings)):
        return named
    if entry.type == "id" and column in made.table.key:
        own = [c.header for c in free if c.n_distinct == profile.n_rows and readings[c.header].mean_length < LONG_ID]
        if made.table.key == [column]:
            header = next((h for h in own if readings[h].kind in ("text", "number")), "")
        if not header:
            return _made_id(made, column, profile, readings)
    elif entry.type == "time":
        own = [c.header for c in free if readings[c.header].is_time]
        header = own[0] if len(own) == 1 else ""
    elif entry.type == "date" and column in ("snapshot_on", "period_month"):
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
        drafted = Drafted(column, {"const": day}, score=0.0)
        drafted.notes.append(note("file_day", "decide", column=column, day=day))
        return drafted
    if not header or (entry.type == "id" and profile.n_rows < MADE_ID_ROWS):
        return None
    drafted = draft_column(made.table, column, profile[header], readings[header], Known())
    drafted.notes.append(note("only_one", "assumed", column=column, header=header))
    return drafted


def _made_id(made: Plan, column: str, profile: Profile, readings: dict[str, Reading]) -> Drafted | None:
    """An id that the source does not give: the object, what happened to it and when, where these never repeat."""
    time = made.columns.get(made.table.period_column or "")
    if profile.n_rows < MADE_ID_ROWS or time is None or len(time.headers) != 1:
        return None
    if column == "ticket_id":
        return _made_ticket_id(made, profile, time.headers[0]) if made.table.name == "ticket" else None
    single = [d for d in made.columns.values() if len(d.headers) == 1 and d.headers[0] in profile.headers]
    objects = [d.headers[0] for d in single if made.table.columns[d.column].type == "id"]
    codes = [d.headers[0] for d in single if d.column.endswith(("_code", "_name", "kind"))]
    own = made_key(profile, [time.headers[0], *objects[:1], *codes[:2], *objects[1:2]])
    if not own:
        return None
    drafted = Drafted(column, {"compose": sorted(own, key=profile.headers.index)}, score=0.5)
    drafted.notes.append(note("made_id", "assumed", column=column))
    return drafted


def _named_ticket(made: Plan, profile: Profile, readings: dict[str, Reading]) -> Drafted | None:
    """The column that is called the number of the ticket, although it repeats: then the key is asked about."""
    scored = {h: name_score(made.table.name, "ticket_id", profile[h].named) for h in profile.headers}
    named = [h for h, score in scored.items() if score >= SURE_TICKET and readings[h].kind in ("text", "number")]
    if not named:
        return None
    header = max(named, key=lambda h: scored[h])
    for column in [c for c, d in made.columns.items() if d.headers == [header]]:
        del made.columns[column]
    return draft_column(made.table, "ticket_id", profile[header], readings[header], Known())


def _made_ticket_id(made: Plan, profile: Profile, time: str) -> Drafted | None:
    """What tells tickets apart that have no number: when, of what kind, where. A person says whether it may be one."""
    wanted = ("type_code", "town", "region_code", "channel_code", "place_name", "type_detail")
    single = [made.columns[c].headers[0] for c in wanted if c in made.columns and len(made.columns[c].headers) == 1]
    own = made_key(profile, [time, *dict.fromkeys(h for h in single if h in profile.headers)])
    if not own:
        return None
    own = sorted(own, key=profile.headers.index)
    drafted = Drafted("ticket_id", {"compose": own}, score=0.5)
    drafted.notes.append(note("made_ticket_id", "decide", column="ticket_id", headers=" + ".join(own)))
    return drafted


def figures_to_rows_for(made: Plan, profile: Profile, readings: dict[str, Reading]) -> dict[str, Any] | None:
    """The `[unpivot]` of a file with one column per figure, and the columns that read it."""
    taken = {h for c, d in made.columns.items() if c not in ("value", "kpi_code", "unit") for h in d.headers}
    if "kpi_code" in made.columns and "value" in made.columns and made.columns["kpi_code"].score > SURE_FIGURE:
        return None
    rows = figures_to_rows(None, profile, readings, taken)
    if not rows.headers:
        return None
    made.columns.pop("unit", None)
    made.columns |= rows.columns
    made.notes += rows.notes
    return rows.settings


def add_subject(made: Plan, profile: Profile, readings: dict[str, Reading]) -> None:
    """A subject line and the text below it are one text."""
    text = made.columns.get("summary_scrubbed")
    if text is None or SUBJECT.search(text.headers[0]):
        return
    used = {h for d in made.columns.values() for h in d.headers}
    for header in profile.headers:
        source = profile[header]
        is_full = source.n_filled == source.n_rows == profile[text.headers[0]].n_filled
        if header not in used and SUBJECT.search(header) and is_full and readings[header].kind == "text":
            kept = {k: v for k, v in text.settings.items() if k != "from"}
            text.settings = {"compose": [header, text.headers[0]], **kept}
            return


def types_from_text(made: Plan, found: Match, profile: Profile, readings: dict[str, Reading], known: Known) -> None:
    """Sort free text into types where no column names one."""
    text = made.columns.get("summary_scrubbed")
    if made.table.name != "ticket" or text is None:
        return
    own = made.columns.get("type_code")
    if own is not None:
        source = profile[own.headers[0]]
        if source.n_distinct <= max(60, 0.2 * source.n_filled):
            return
    codes = set(known.type.values())
    given = {code: str(pattern) for code, pattern in vocabulary()["text_types"].items()}
    classes = [(pattern, code) for code, pattern in given.items() if not codes or code in codes]
    if not classes:
        return
    source = profile[text.headers[-1]]
    n_hit = sum(n for v, n in source.counts if any(re.search(p, v, re.IGNORECASE) for p, _ in classes))
    if n_hit < CLASSIFIED_LEAST * sum(n for _, n in source.counts):
        return
    made.classes = classes
    made.columns["type_code"] = Drafted(
        "type_code", {"from": text.headers[-1], "classify": "type", "unmapped": "missing"}, score=0.5
    )
    made.columns["type_code"].notes.append(note("classes", "assumed", column="type_code", header=text.headers[0]))
