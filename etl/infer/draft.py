"""A contract, and a workspace where there is none, drafted from one unknown file with the evidence for every line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from etl.contract import Contract
from etl.infer import headers, match, order, times
from etl.infer.choose import plan
from etl.infer.columns import Drafted, technical_tokens
from etl.infer.numbers import figure
from etl.infer.plan import Plan
from etl.infer.profile import Profile, read_profile
from etl.infer.shape import Shape, look
from etl.infer.space import workspace_files
from etl.infer.types import Reading, read_column
from etl.infer.values import known_of, vocabulary
from etl.infer.words import Note, note, refusal
from etl.infer.write import contract_text
from etl.privacy import scrub
from warehouse.problems import from_validation
from warehouse.workspace import Workspace

TOTALS = (
    "合计",
    "总计",
    "全市",
    "小计",
    "汇总",
    "全省",
    "total",
    "Total",
    "TOTAL",
    "Grand Total",
    "Grand total",
    "Sum",
    "Gesamt",
    "Summe",
)
LABELS = {
    "ticket": ("投诉工单", "Complaint tickets"), "ticket_event": ("工单流转日志", "Ticket event log"),
    "satisfaction": ("满意度回访", "Satisfaction calls"), "survey": ("调研", "Survey"),
    "cell": ("小区工参", "Cell parameters"),
    "cell_kpi_1d": ("小区性能(天)", "Cell counters, daily"),
    "cell_kpi_1h": ("小区性能(小时)", "Cell counters, hourly"),
    "alarm": ("网络告警", "Alarms"), "users": ("到达用户", "User base"),
    "experience_rating": ("体验评分", "Experience ratings"),
    "drive_test": ("路测", "Drive test"), "kpi_value": ("指标值", "Single figures"),
    "hall": ("营业厅", "Business halls"),
    "change_event": ("变更事件", "Change events"), "count_history": ("历史投诉量", "Complaint counts"),
}  # fmt: skip
WEAK_TOTAL, SURE_TOTAL = 1.2, 3.0


@dataclass(frozen=True)
class Draft:
    """What `infer` found. `contract` is the parsed text; `workspace` file names to texts, empty where one exists."""

    name: str
    table: str
    text: str
    contract: Contract
    workspace: dict[str, str]
    columns: list[Drafted]
    left_out: dict[str, Note]
    notes: list[Note]
    shape: Shape
    n_rows: int
    n_headers: int
    others: list[tuple[str, float]] = field(default_factory=list)

    @property
    def decisions(self) -> list[Note]:
        """What only a person can decide."""
        own = [n for d in self.columns for n in d.notes]
        return [n for n in [*self.notes, *own] if n.weight == "decide"]

    @property
    def to_fill(self) -> list[Note]:
        """What no file says and loading does not need, so a person still has to write it."""
        return [note("owner_todo", "decide", column="owner"), note("licence_todo", "decide", column="licence")]

    @property
    def mapped(self) -> dict[str, float]:
        """Of every column with a value map, the share of rows whose value it knows."""
        return {d.column: d.mapping.share for d in self.columns if d.mapping is not None}


def draft(
    path: Path,
    workspace: Workspace | None = None,
    *,
    table: str | None = None,
    name: str | None = None,
    language: str | None = None,
) -> Draft:
    """Look at a file and draft its contract. Raises `Problems` when the file cannot be read at all."""
    try:
        return _draft(path, workspace, table, name, language)
    finally:  # values of the file must not outlive the look at it
        for cached in (
            times.formats_of,
            order.parse,
            figure,
            headers.name_of,
            headers.likeness,
            match.name_score,
            match.is_barred,
            match.is_vague,
        ):
            cached.cache_clear()


def _draft(path: Path, workspace: Workspace | None, table: str | None, name: str | None, language: str | None) -> Draft:
    shape = look(path)
    profile = read_profile(path, shape)
    if profile.n_rows == 0:
        raise refusal("no_rows", path.name)
    language = language or ("zh" if _is_chinese(path, profile) else "en")
    totals = _totals(profile)
    if totals:
        profile = profile.without(totals)
    readings = {c.header: read_column(c) for c in profile.columns}
    made = plan(path, shape, profile, readings, known_of(workspace), table)
    name = name or _slug(path, made.table.name)
    notes = _notes(made, profile, readings, shape, totals)
    files: dict[str, str] = {}
    if workspace is None:
        zone, why = _zone_of(made, profile)
        files = workspace_files(made, profile, name, path.stem, language, zone)
        notes.append(note("workspace_zone", "assumed", zone=zone, why=why))
    texts = {
        "head": [n for n in notes if n.weight == "decide" and n.column != "lon"],
        "label": dict(zip(("zh", "en"), LABELS.get(made.table.name, (made.table.name, made.table.name)), strict=True)),
        "file": _file_settings(made, shape, readings, totals),
    }
    text = contract_text(made, shape, name, _private(path.name), texts, language)
    contract = _parse(text, name)
    columns = [made.columns[c] for c in made.table.columns if c in made.columns]
    return Draft(
        name, made.table.name, text, contract, files, columns, made.left_out, notes, shape,
        profile.n_rows, len(profile.headers), made.others,
    )  # fmt: skip


def _parse(text: str, name: str) -> Contract:
    """The draft as loading would read it; a fault here is a fault of this package."""
    try:
        return Contract.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise from_validation(error, f"{name}.toml (draft)") from None


def _is_chinese(path: Path, profile: Profile) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in path.name + "".join(profile.headers))


def _private(text: str) -> str:
    return str(scrub([text]).to_pylist()[0])


def _slug(path: Path, table: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"\d{4,}", " ", path.stem.lower())).strip("_")
    words = re.sub(r"(_\d+)+$", "", words)
    return (
        words[:40].strip("_")
        if re.match(r"[a-z]", words) and len(words) >= 3 and path.stem.isascii()
        else f"own_{table}"
    )


def _totals(profile: Profile) -> list[str]:
    """Words of totals rows in the first two columns; a word of every second row is a value."""
    found = []
    for column in profile.columns[:2]:
        for value, n in column.counts:
            if value in TOTALS and n <= max(1, 0.25 * profile.n_rows) and column.n_distinct > 1:
                found.append(value)
    return list(dict.fromkeys(found))


def _file_settings(made: Plan, shape: Shape, readings: dict[str, Reading], totals: list[str]) -> dict[str, Any]:
    settings: dict[str, Any] = {"pattern": made.name.pattern, **shape.settings}
    if settings.get("header") == 1 or (isinstance(settings.get("header"), int) and settings["header"] > 1):
        settings.pop("header")
    if made.decimal_comma:
        settings["decimal"] = ","
    if totals:
        settings["totals"] = totals
    if tokens := technical_tokens(readings):
        settings["missing"] = tokens
    capture = made.name.capture
    if made.stem_is_captured:
        settings["capture"] = f"^(?P<stem>.*{capture}.*)\\.[A-Za-z]+$" if capture else "^(?P<stem>.+)\\.[A-Za-z]+$"
    elif capture:
        settings["capture"] = capture
    if capture:
        settings["file_on"] = "period"
    return settings


def _notes(made: Plan, profile: Profile, readings: dict[str, Reading], shape: Shape, totals: list[str]) -> list[Note]:
    found = [*shape.notes]
    found.append(note("rows", n=profile.n_rows, bad=profile.n_bad_lines))
    if profile.is_sample:
        found.append(note("rows_sample", "assumed", n=profile.n_rows))
    if totals:
        found.append(note("totals", names=", ".join(totals)))
    used = {h for d in made.columns.values() for h in d.headers} | set((made.unpivot or {}).get("headers", []))
    found.append(
        note("table_chosen", table=made.table.name, n=len(used & set(profile.headers)), total=len(profile.headers))
    )
    best = made.others[0][1] if made.others else 0.0
    n_open = sum(r.kind != "empty" for r in readings.values())
    is_weak = best < WEAK_TOTAL or (best < SURE_TOTAL and len(used & set(profile.headers)) < 0.45 * n_open)
    if is_weak:
        found.append(note("table_weak", "decide", table=made.table.name))
    near = [n for n, s in made.others[1:] if s >= 0.85 * best]
    if near:
        found.append(note("table_close", "assumed", others=", ".join(near)))
    if made.decimal_comma:
        found.append(note("decimal_comma"))
    found += made.notes
    found += _mixed(profile, readings, used)
    found += _mangled(profile, made)
    return found


def _mixed(profile: Profile, readings: dict[str, Reading], used: set[str]) -> list[Note]:
    """Columns of rates in which some rows are percent and some fractions."""
    found = []
    for header in used & set(profile.headers):
        if readings[header].kind != "number" or not re.search(r"率|比|%|rate|ratio|pct|percent", header, re.IGNORECASE):
            continue
        seen = [(f.value, n) for v, n in profile[header].counts if (f := figure(v)) and not f.unit]
        low = sum(n for v, n in seen if 0.5 < v <= 1)
        high = sum(n for v, n in seen if 50 < v <= 100)
        if min(low, high) >= 0.05 * max(1, sum(n for _, n in seen)) and min(low, high) >= 2:
            found.append(note("mixed_ratio", "decide", header=header, n=low, m=high))
    return found


def _mangled(profile: Profile, made: Plan) -> list[Note]:
    found = []
    for drafted in made.columns.values():
        if (
            made.table.columns[drafted.column].type == "id"
            and len(drafted.headers) == 1
            and drafted.headers[0] in profile.headers
        ):
            n = sum(n for v, n in profile[drafted.headers[0]].counts if re.fullmatch(r"\d+\.?\d*[eE]\+\d+", v))
            if n:
                found.append(note("mangled", "decide", header=drafted.headers[0], n=n))
    return found


def _zone_of(made: Plan, profile: Profile) -> tuple[str, str]:
    if made.places is not None and made.places.zone:
        return made.places.zone, made.places.country
    if any("\u4e00" <= c <= "\u9fff" for h in profile.headers for c in h):
        return "Asia/Shanghai", "Chinese headers"
    for drafted in made.columns.values():
        if (
            drafted.column in ("region_code", "town")
            and len(drafted.headers) == 1
            and drafted.headers[0] in profile.headers
        ):
            source = profile[drafted.headers[0]]
            seen = {
                zone: sum(n for v, n in source.counts if v in names) for zone, names in vocabulary()["zones"].items()
            }
            best = max(seen, key=lambda z: seen[z])
            if seen[best] >= 0.1 * source.n_filled:
                return best, next(v for v in source.values if v in vocabulary()["zones"][best])
    return "UTC", "nothing in the file names a country"
