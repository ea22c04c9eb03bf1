"""Known faults of what the program is built on. Fails for a fault that was found, never for a list out of reach.

Faults that cannot be mended yet stand in `.ci/accepted_faults.txt`, an id and the reason a line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE.parent / "requirements.txt"
ACCEPTED = HERE / "accepted_faults.txt"
MOST_S = 60.0
FOUND = 1


def accepted(text: str) -> dict[str, str]:
    """Id -> why it is accepted. An id without a reason is none."""
    lines = (line.split(maxsplit=1) for line in text.splitlines() if not line.startswith("#"))
    return {parts[0]: parts[1] for parts in lines if len(parts) == 2}


def faults(told: dict[str, Any], known: dict[str, str]) -> list[str]:
    """A line for each fault that pip-audit tells of in its JSON and nobody accepted, under any of its names."""
    return [
        f"{package.get('name')} {package.get('version')}: {fault.get('id')}, mended in {_mended(fault)}"
        for package in told.get("dependencies", [])
        for fault in package.get("vulns", [])
        if not known.keys() & {fault.get("id"), *fault.get("aliases", [])}
    ]


def _mended(fault: dict[str, Any]) -> str:
    return ", ".join(fault.get("fix_versions", [])) or "no version yet"


def asked(command: list[str], most_s: float) -> dict[str, Any] | str:
    """What pip-audit found, or in a few words why it found out nothing."""
    with tempfile.TemporaryDirectory(prefix="lookout-audit-") as folder:
        out = Path(folder) / "faults.json"
        whole = [*command, "--format", "json", "--output", str(out)]
        try:
            done = subprocess.run(whole, capture_output=True, text=True, timeout=most_s, check=False)
        except subprocess.TimeoutExpired:
            return f"no answer within {most_s:.0f} s"
        except OSError as error:
            return f"pip-audit does not start: {error}"
        # It ends with 1 both for faults and for a list out of reach; only a whole answer is an answer.
        try:
            told = json.loads(out.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return (done.stderr.strip().splitlines() or ["it gave no answer"])[-1][:300]
    return told if isinstance(told, dict) else "its answer cannot be read"


def main(command: list[str], most_s: float = MOST_S, known: Path = ACCEPTED) -> int:
    # Pinned versions only: nothing is downloaded or installed to look at.
    told = asked([*command, "-r", str(REQUIREMENTS), "--no-deps", "--disable-pip", "--progress-spinner", "off"], most_s)
    if isinstance(told, str):
        print(f"audit: nothing was looked at, which fails nothing: {told}")
        return 0
    found = faults(told, accepted(known.read_text(encoding="utf-8")) if known.exists() else {})
    for line in found:
        print(f"audit: {line}")
    n = len(told.get("dependencies", []))
    print(f"audit: {n} packages, {len(found)} known faults that nobody accepted")
    if found:
        print(f"audit: raise the version in requirements.txt, or say in {known.name} why it has to wait")
    return FOUND if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [str(Path(sys.executable).parent / "pip-audit")]))
