"""Which columns tell rows apart, whether a ticket has one row or many, and how far apart periods lie."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from itertools import combinations

import pyarrow as pa
import pyarrow.compute as pc

from etl.infer.order import parse
from etl.infer.profile import Column, Profile
from etl.infer.types import Reading
from etl.infer.words import Note, note
from warehouse.canonical import Table

WIDEST_KEY = 2
LEAST_TICKETS, LEAST_REPEATS, MOST_REPEATS = 5, 1.5, 60
SAME_FORM, RUNS_MOST = 0.95, 1.2
CANDIDATES = 12


def key_notes(table: Table, hits: dict[str, str], profile: Profile) -> list[Note]:
    """What the file's own key is, and whether the table's key holds in it."""
    found: list[Note] = []
    own = natural_key(profile)
    if own:
        found.append(note("key", headers=" + ".join(own)))
    elif profile.n_rows > 1:
        found.append(note("key_none", "assumed"))
    wanted = [hits[c] for c in table.key if hits.get(c) in profile.headers]
    if table.key and len(wanted) == len(table.key):
        n_distinct = distinct_rows(profile, wanted)
        if n_distinct < profile.n_rows:
            n = profile.n_rows - n_distinct
            same = profile.n_rows - distinct_rows(profile, profile.headers)
            code = "key_repeats_same" if same >= n else "key_repeats"
            is_rare = n <= 0.01 * profile.n_rows
            weight = "assumed" if table.version in hits or same >= n or is_rare else "decide"
            names = " + ".join(wanted)
            found.append(note(code, weight, headers=names, n=n, rows=profile.n_rows, column=table.key[0]))  # type: ignore[arg-type]
        else:
            found.append(note("key_holds", headers=" + ".join(wanted), column=table.key[0]))
    return found


def natural_key(profile: Profile) -> list[str]:
    """The first single column, else the first pair, whose values never repeat."""
    full = [c for c in profile.columns if c.n_filled == c.n_rows > 0]
    for column in full:
        if column.n_distinct == column.n_rows:
            return [column.header]
    likely = sorted(full, key=lambda c: -c.n_distinct)[:CANDIDATES]
    for pair in combinations(likely, WIDEST_KEY):
        names = [c.header for c in pair]
        if (
            pair[0].n_distinct * pair[1].n_distinct >= profile.n_rows
            and distinct_rows(profile, names) == profile.n_rows
        ):
            return sorted(names, key=profile.headers.index)
    return []


def distinct_rows(profile: Profile, headers: list[str]) -> int:
    """How many different rows there are by some columns."""
    table = pa.table([profile[h].rows for h in headers], names=[str(i) for i in range(len(headers))])
    return int(table.group_by(table.column_names).aggregate([]).num_rows)


def made_key(profile: Profile, headers: list[str]) -> list[str]:
    """Three, else two of the given columns that together never repeat; the first one is always among them."""
    full = [h for h in headers if profile[h].n_filled == profile.n_rows]
    if full[:1] != headers[:1]:
        return []
    for width in (2, 1):
        for some in combinations(full[1:], width):
            if distinct_rows(profile, [full[0], *some]) == profile.n_rows:
                return [full[0], *some]
    return []


def repeats(column: Column) -> float:
    """Rows per distinct value."""
    return column.n_filled / max(1, column.n_distinct)


def is_log_key(column: Column, reading: Reading) -> bool:
    """Whether values look like the number of what a log is about: one form with digits, each in a run of rows."""
    if reading.kind not in ("text", "number") or not reading.is_whole and reading.kind == "number":
        return False
    if column.n_filled < column.n_rows or column.n_distinct < LEAST_TICKETS or not 3 <= reading.mean_length <= 40:
        return False
    if not LEAST_REPEATS <= repeats(column) <= MOST_REPEATS:
        return False
    forms = Counter(re.sub(r"[0-9]+", "0", value) for value in column.values)
    if not any("0" in f for f in forms) or forms.most_common(1)[0][1] < SAME_FORM * len(column.values):
        return False
    values = column.first
    n_runs = 1 + sum(a != b for a, b in zip(values, values[1:], strict=False))
    return n_runs <= RUNS_MOST * len(set(values))


def log_key(profile: Profile, readings: dict[str, Reading]) -> str:
    """The header that says what each row of a log is about: it repeats in runs while a time moves on within them."""
    found = [c for c in profile.columns if is_log_key(c, readings[c.header])]
    if any(readings[c.header].kind == "text" and c.n_distinct == c.n_rows for c in profile.columns):
        return ""
    times = [c for c in profile.columns if readings[c.header].is_time and c.n_distinct > 1]
    for column in sorted(found, key=lambda c: -c.n_distinct):
        if any(distinct_rows(profile, [column.header, t.header]) > RUNS_MOST * column.n_distinct for t in times):
            return column.header
    return ""


def period_minutes(column: Column, reading: Reading) -> int | None:
    """The commonest step between the distinct times of a column, in minutes."""
    if reading.written is None:
        return None
    formats = reading.written.formats
    times = sorted({t for v in column.values for f in formats[:1] if (t := parse(v, f)) is not None})
    return _step(times)


def _step(times: list[datetime]) -> int | None:
    steps = Counter(int((b - a).total_seconds() // 60) for a, b in zip(times, times[1:], strict=False) if b > a)
    return steps.most_common(1)[0][0] if steps else None


def same_share(one: Column, other: Column) -> float:
    """Share of rows on which two columns agree."""
    equal = pc.sum(pc.fill_null(pc.equal(one.rows, other.rows), False)).as_py() or 0
    return float(equal) / max(1, one.n_rows)
