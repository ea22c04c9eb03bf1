"""From the columns of a file to a plan: the table, what each canonical column reads, what is left out and why.

Nothing is written here; `write.py` turns a plan into a contract.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from etl.infer.columns import Drafted, draft_column, is_utc
from etl.infer.complete import add_subject, complete, types_from_text
from etl.infer.filename import FileName, read_name
from etl.infer.keys import key_notes
from etl.infer.levels import by_level
from etl.infer.match import ANONYMOUS, Hit, Match, is_personal
from etl.infer.order import by_closeness, by_name, by_rows, by_second_column, settle, times_of
from etl.infer.places import find_places
from etl.infer.plan import Plan
from etl.infer.profile import Column, Profile
from etl.infer.shape import Shape
from etl.infer.target import best_table
from etl.infer.times import is_day_first, swapped
from etl.infer.types import Reading
from etl.infer.values import Known, known_share
from etl.infer.words import Note, note

SURE_NAME = 0.95
BACKWARDS_SHARE = 0.02
SURE_REGION = 0.7
SORTED_SCORE = 0.8
LEAST_ROWS, FEW_TYPES, LONGEST_TYPE = 40, 0.1, 40


def settle_orders(profile: Profile, readings: dict[str, Reading], name: FileName) -> None:
    """Go through the evidence for day first or month first, column by column."""
    times = {h: r.written for h, r in readings.items() if r.written is not None}
    for header, written in times.items():
        for other, theirs in times.items():
            if written.is_open and other != header and not theirs.is_open and not theirs.is_mixed:
                by_second_column(written, profile[header], profile[other], theirs.formats)
        for judge in (
            lambda w, c: by_name(w, c, name.moment if name.month else None, "%d" in name.format),
            by_rows,
            by_closeness,
        ):
            if written.is_open:
                judge(written, profile[header])
    for header, written in times.items():
        if not written.is_open:
            continue
        for other, theirs in times.items():
            told = [f for f in theirs.formats if swapped(f) != f]
            if not theirs.is_open and not theirs.is_mixed and told and theirs.notes:
                day = is_day_first(told[0])
                settle(written, day, note("order_by_sibling", "assumed", other=other, first="d/m" if day else "m/d"))
                break
        if written.is_open:
            example = profile[header].values[0]
            one, two = (" | ".join(f) for f in (written.formats, written.rival))
            written.notes.append(note("order_open", "decide", column=header, example=example, one=one, two=two))


def plan(
    path: Path, shape: Shape, profile: Profile, readings: dict[str, Reading], known: Known, table: str | None
) -> Plan:
    """The best plan for a file. Raises `Problems` when `table` is none of ours."""
    name = read_name(path)
    settle_orders(profile, readings, name)
    barred = _private(profile, readings)
    found, others = best_table(path, shape, profile, readings, known, table, set(barred))
    _prefer_plain_dates(found, profile, readings)
    if found.table.name == "ticket":
        _sort_types(found, profile, readings)
    _prefer_many_regions(found, profile)
    hits = {c: h.header for c, h in found.hits.items()}
    texts = [path.stem, shape.sheet_name, *shape.title]
    places = find_places(found.table.name, hits, profile, readings, texts) if "lon" in found.table.columns else None
    made = Plan(found.table, {}, places, name, others=others)
    for column, hit in found.hits.items():
        if column in ("lon", "lat"):
            continue
        drafted = draft_column(found.table, column, profile[hit.header], readings[hit.header], known)
        drafted.score = hit.score
        if ANONYMOUS.fullmatch(hit.header):
            sure = "assumed" if hit.fit >= 0.9 else "decide"
            drafted.notes.append(note("guessed", sure, column=column, header=hit.header))  # type: ignore[arg-type]
        made.columns[column] = drafted
    add_subject(made, profile, readings)
    if places is not None:
        made.notes += places.notes
        for column, settings in places.sources.items():
            extra = {"on_bad": "missing"} if "extract" in settings else {}
            made.columns[column] = Drafted(column, dict(settings) | extra)
    _drop_backwards(made, found, profile)
    complete(made, path, profile, readings, hits, known)
    types_from_text(made, found, profile, readings, known)
    _zone(made, profile)
    made.notes += key_notes(
        found.table, {c: d.headers[0] for c, d in made.columns.items() if len(d.headers) == 1}, profile
    )
    made.decimal_comma = _has_commas(made, readings)
    if profile.units_line:
        made.exclude.append(profile.units_line)
        units = {c.header: c.unit for c in profile.columns if c.unit}
        shown = ", ".join(f"{h} ({u})" for h, u in list(units.items())[:4])
        made.notes.append(note("units_line", "assumed", n=len(units), shown=shown))
    _leave_out(made, profile, readings, barred)
    return made


def _sort_types(found: Match, profile: Profile, readings: dict[str, Reading]) -> None:
    """The finer of two columns of types is the type of a ticket."""
    if "type_code" not in found.hits and "type_detail" in found.hits:
        found.hits["type_code"] = replace(found.hits.pop("type_detail"), column="type_code")
    _sort_short_texts(found, profile)
    kind = found.hits.get("request_kind")
    said = known_share("request_kind", *_both(kind.header, profile, readings)) if kind else 1.0
    if said == 0.0 and "type_code" not in found.hits:
        found.hits["type_code"] = replace(found.hits.pop("request_kind"), column="type_code")
    given = {c: h.header for c, h in found.hits.items()}
    if "request_kind" in given and known_share("request_kind", *_both(given["request_kind"], profile, readings)) > 0:
        profile = replace(profile, columns=[c for c in profile.columns if c.header != given["request_kind"]])
    for column, header in by_level(given, profile, readings).items():
        if given.get("request_kind") == header:
            del found.hits["request_kind"]
        found.hits[column] = Hit(column, header, SORTED_SCORE, SORTED_SCORE, 1.0)


def _both(header: str, profile: Profile, readings: dict[str, Reading]) -> tuple[Column, Reading, Known]:
    return profile[header], readings[header], Known()


def _sort_short_texts(found: Match, profile: Profile) -> None:
    """A description that says one of few things is a type, where nothing else is one."""
    hit = found.hits.get("summary_scrubbed")
    if hit is None or "type_code" in found.hits or (source := profile[hit.header]).n_rows < LEAST_ROWS:
        return
    if 1 < source.n_distinct <= FEW_TYPES * source.n_rows and max(len(v) for v in source.values) <= LONGEST_TYPE:
        found.hits["type_code"] = replace(found.hits.pop("summary_scrubbed"), column="type_code")


def _prefer_many_regions(found: Match, profile: Profile) -> None:
    """The one state of a whole file tells its rows nothing, where another column names their districts."""
    hit = found.hits.get("region_code")
    if hit is None or profile[hit.header].n_distinct > 1:
        return
    taken = {h.header for h in found.hits.values()}
    for other in found.runners.get("region_code", []):
        if other.header not in taken and other.name >= SURE_REGION and profile[other.header].n_distinct > 1:
            found.hits["region_code"] = other
            return


def _prefer_plain_dates(found: Match, profile: Profile, readings: dict[str, Reading]) -> None:
    """Where two columns give the same day, read the one that cannot be misread."""
    taken = {h.header for h in found.hits.values()}
    for column, hit in list(found.hits.items()):
        written = readings[hit.header].written
        if written is None or all(swapped(f) == f for f in written.formats):
            continue
        for other, reading in readings.items():
            plain = reading.written
            if other in taken or plain is None or plain.share < 0.99 or any(swapped(f) != f for f in plain.formats):
                continue
            ours, theirs = times_of(profile[hit.header], written.formats), times_of(profile[other], plain.formats)
            pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a and b]
            if len(pairs) > 2 and sum(a.date() == b.date() for a, b in pairs) >= 0.98 * len(pairs):
                found.hits[column] = replace(hit, header=other)
                reading.written = replace(plain, notes=[note("plain_date", column=column, other=hit.header)])
                taken.add(other)
                break


def _drop_backwards(made: Plan, found: Match, profile: Profile) -> None:
    """A time of dealing with a ticket that often lies before its acceptance is some other time."""
    start = made.columns.get("accepted_at")
    if made.table.name != "ticket" or start is None:
        return
    begun = times_of(profile[start.headers[0]], start.settings["formats"])
    for column in ("dispatched_at", "first_reply_at", "resolved_at", "feedback_at", "archived_at"):
        drafted = made.columns.get(column)
        if drafted is None or found.hits[column].name >= SURE_NAME:
            continue
        ended = times_of(profile[drafted.headers[0]], drafted.settings["formats"])
        pairs = [(a, b) for a, b in zip(begun, ended, strict=True) if a and b]
        n_before = sum(b < a for a, b in pairs)
        if pairs and n_before > BACKWARDS_SHARE * len(pairs):
            made.notes.append(note("backwards", "assumed", column=column, header=drafted.headers[0], n=n_before))
            del made.columns[column]


def _private(profile: Profile, readings: dict[str, Reading]) -> dict[str, Note]:
    """Headers whose content is never stored. A number may become a key, so plain numbers stay in play."""
    found: dict[str, Note] = {}
    for header in profile.headers:
        kind = readings[header].kind
        if kind in ("person", "masked"):
            found[header] = note(f"left_{kind}", column=header)
        elif is_personal(header) and kind not in ("phone", "empty", "flag") and profile[header].n_distinct > 2:
            found[header] = note("left_personal", column=header)
    return found


def _zone(made: Plan, profile: Profile) -> None:
    times = [d for c, d in made.columns.items() if made.table.columns[c].type == "time" and "formats" in d.settings]
    utc = [d for d in times if is_utc(d.settings["formats"])]
    if not utc:
        return
    made.zone = "UTC"
    made.notes.append(note("zone_utc", column=utc[0].column))
    if len(utc) < len(times):
        plain = ", ".join(d.column for d in times if d not in utc)
        made.notes.append(note("zone_mixed", "decide", column=utc[0].column, names=plain))


def _has_commas(made: Plan, readings: dict[str, Reading]) -> bool:
    taken = [h for d in made.columns.values() for h in d.headers] + list((made.unpivot or {}).get("headers", []))
    kinds = [readings[h] for h in taken if h in readings]
    return any(r.kind == "number" and r.comma_share > 0.3 for r in kinds)


def _leave_out(made: Plan, profile: Profile, readings: dict[str, Reading], barred: dict[str, Note]) -> None:
    """Why each header that no column reads was left out."""
    used = {h for d in made.columns.values() for h in d.headers} | set((made.unpivot or {}).get("headers", []))
    for header in profile.headers:
        if header in used:
            continue
        if header in barred:
            made.left_out[header] = barred[header]
        elif readings[header].kind == "empty":
            made.left_out[header] = note("left_empty", column=header)
        elif readings[header].kind == "phone":
            made.left_out[header] = note("left_phone", column=header)
        else:
            made.left_out[header] = note("left_unknown", column=header)
