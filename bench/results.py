"""What a figure is, and where it is written: `bench/RESULTS.md`, and `bench/out/*.json` for programs."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from bench.measure import Ratio

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
PACKAGES = ("streamlit", "duckdb", "deltalake", "pyarrow", "pandas", "altair")
MARKER = "<!-- new runs go below this line -->"


@dataclass(frozen=True)
class Figure:
    """One measured figure. `floor` of the ratio is 1 second where a time itself is the figure."""

    id: str
    name: str
    ratio: Ratio
    goal: str
    is_met: bool
    unit: str
    note: str = ""


def machine() -> dict[str, str]:
    """Cores, memory, CPU model and versions, as far as the system tells them."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": _cpu_model(),
        "cores": str(os.cpu_count()),
        "memory": f"{pages / 2**30:.0f} GiB",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def rows(figures: list[Figure]) -> list[str]:
    """Markdown table rows, one per figure."""
    lines = []
    for f in figures:
        r = f.ratio
        spread = f"{r.lowest:.3g} to {r.highest:.3g}" if r.pairs > 1 else ""
        cells = [f.id, f.name, f"**{r.value:.3g}**", spread, f.goal, "met" if f.is_met else "missed"]
        cells += [f"{r.ours:.4g}", f"{r.floor:.4g}", f.unit, str(r.pairs), f.note]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def write(figures: list[Figure], at: datetime, is_quick: bool) -> Path:
    """Insert the run into RESULTS.md, newest first, and write it as JSON; returns the JSON's path."""
    here = machine()
    kind = "quick run" if is_quick else "full run"
    block = [
        f"### {at:%Y-%m-%d %H:%M} UTC, {kind}",
        "",
        f"{here['cores']} cores {here['cpu']}, {here['memory']}, {here['system']}, Python {here['python']}, "
        + ", ".join(f"{name} {here[name]}" for name in PACKAGES),
        "",
        "| figure | what | median | range | goal | | ours | floor | unit | pairs | note |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *rows(figures),
        "",
    ]
    text = RESULTS.read_text(encoding="utf-8")
    if MARKER not in text:
        raise ValueError(f"{RESULTS}: the line {MARKER!r} is missing; put it back under the heading Runs")
    head, tail = text.split(MARKER, 1)
    RESULTS.write_text(head + MARKER + "\n\n" + "\n".join(block) + "\n" + tail.lstrip("\n"), encoding="utf-8")
    folder = HERE / "out"
    folder.mkdir(exist_ok=True)
    path = folder / f"{at:%Y%m%dT%H%M%S}.json"
    document = {
        "at": at.isoformat(),
        "quick": is_quick,
        "machine": here,
        "figures": [asdict(f) for f in figures],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
