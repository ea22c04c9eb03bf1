"""`etl status` for people, in ten lines: is everything fresh, what failed, what to do. `status.py` gathers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MOST_NAMED = 3
WIDTH = 150
LOW_DISK_BYTES = 2 << 30
Report = dict[str, Any]


def ten_lines(report: Report) -> list[str]:
    """One line a question; what needs doing stands last."""
    return [
        f"home     {report['home']}, workspace {report['workspace']}",
        "fresh    " + _fresh(report),
        "loaded   " + _loaded(report),
        "failed   " + _named(report, "failed", lambda f: _short(f["message"])),
        "refused  " + _refused(report),
        "no home  " + _no_home(report),
        "waiting  " + _waiting(report),
        "runs     " + _runs(report),
        "disk     " + _disk(report),
        "to do    " + to_do(report),
    ]


def to_do(report: Report) -> str:
    """The next step, the most urgent first."""
    if report["free_bytes"] < LOW_DISK_BYTES:
        return f"free some space: only {_mib(report['free_bytes'])} are left"
    failed = [f for f in report["files"] if f["state"] == "failed"]
    if failed:
        return f"mend {failed[0]['file_name']} as its sentence says, and put it into the inbox again"
    if report["waiting"] and not report["watch"]:
        return "`python -m etl load`, then `python -m warehouse build`; or leave both to `python -m etl watch`"
    if report["needs_build"]:
        return "`python -m warehouse build`: files were loaded since the release was built"
    late = [s for s in report["sources"] if s["state"] == "late"]
    if late:
        return f"ask {late[0]['owner']} for {late[0]['label']}: nothing since {late[0]['last_period']}"
    over = [f for f in report["files"] if f["is_over_limit"]]
    if over:
        name = over[0]["file_name"]
        return f"`python -m etl rejected {name}` writes its refused rows; correct them and load them"
    return "nothing"


def all_files(report: Report) -> list[str]:
    """Every file with its outcome, for `--files`."""
    out = []
    for entry in report["files"]:
        counts = f"{entry['n_loaded']:,} of {entry['n_rows']:,} rows" if entry["state"] == "loaded" else ""
        said = "; ".join(filter(None, [counts, entry.get("message", "")]))
        out.append(f"{entry['state']:>9}  {entry['file_id'][:12]}  {entry['file_name']}: {said}")
    out += [f"  waiting  {'':12}  {entry['file_name']}: {entry['reason']}" for entry in report["waiting"]]
    return out


def _fresh(report: Report) -> str:
    sources = [s for s in report["sources"] if s["state"] != "no promise"]
    late = [s for s in sources if s["state"] == "late"]
    missing = [s for s in sources if s["state"] == "missing"]
    if not sources:
        return "no contract promises how often its source sends"
    said = [f"{len(sources) - len(late) - len(missing)} of {len(sources)} sources on time at {report['as_of']}"]
    if late:
        said.append("late: " + _listed(f"{s['name']} (since {s['last_period']})" for s in late))
    if missing:
        said.append("never came: " + _listed(s["name"] for s in missing))
    return "; ".join(said)


def _loaded(report: Report) -> str:
    loaded = [f for f in report["files"] if f["state"] == "loaded"]
    sums = {name: sum(f[name] for f in loaded) for name in ("n_loaded", "n_rejected", "n_dropped")}
    return (
        f"{len(loaded):,} files, {sums['n_loaded']:,} rows; "
        f"{sums['n_rejected']:,} refused, {sums['n_dropped']:,} left out by a rule"
    )


def _named(report: Report, state: str, shown: Any) -> str:
    found = [f for f in report["files"] if f["state"] == state]
    return f"{len(found)}: {_listed(shown(f) for f in found)}" if found else "none"


def _no_home(report: Report) -> str:
    """Files that no contract takes; those that are known to belong elsewhere by their reasons."""
    elsewhere = [f for f in report["files"] if f["state"] == "elsewhere"]
    if not elsewhere:
        return _named(report, "unmatched", lambda f: f["file_name"])
    reasons = _listed(dict.fromkeys(f["message"] for f in elsewhere))
    unknown = _named(report, "unmatched", lambda f: f["file_name"])
    return f"{unknown}; {len(elsewhere)} known to have another: {reasons}"


def _refused(report: Report) -> str:
    over = [f for f in report["files"] if f["is_over_limit"] and f["state"] == "loaded"]
    if not over:
        return "no file above its contract's limit"
    names = _listed(f"{f['file_name']} ({f['n_rejected']:,} of {f['n_rows']:,} rows)" for f in over)
    return f"{len(over)} above their limit: {names}"


def _waiting(report: Report) -> str:
    found = report["waiting"]
    return f"{len(found)}: " + _listed(f"{w['file_name']} {w['reason']}" for w in found) if found else "none"


def _runs(report: Report) -> str:
    runs = [
        f"{name} {run['at'][:16].replace('T', ' ')} UTC, {run['seconds']:.0f} s, exit {run['code']}"
        for name, run in report["runs"].items()
    ]
    watch = report["watch"]
    state = f"watch running, process {watch['pid']} since {watch['started_at'][:16]}" if watch else "watch not running"
    return "; ".join([*runs, state])


def _disk(report: Report) -> str:
    sizes = {"lake": report["lake_bytes"], "releases": report["release_bytes"], "free": report["free_bytes"]}
    return ", ".join(f"{name} {_mib(size)}" for name, size in sizes.items())


def _mib(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 30 else f"{size / (1 << 20):.1f} MiB"


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _listed(items: Iterable[str]) -> str:
    found = list(items)
    more = len(found) - MOST_NAMED
    return ", ".join(found[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
