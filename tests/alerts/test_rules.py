"""Rules as data: what is read, and that every fault of every file is told at once, with its place and cure."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from alerts.durations import parse, written
from alerts.rules import load_rules
from warehouse.problems import Problems

GOOD = """
[XX01]
zh = "信号弱"
en = "Weak signal"
signal = "weak"
scope = "district"
op = "<"
steps = {{ yellow = 0.90, orange = 0.80 }}
recovery = 0.92
for = "3d"
every = "1d"
owner = "NET"
unit = {{ zh = "占采样", en = "of samples" }}
sentence = {{ zh = "{{scope}} {{value}}", en = "{{scope}} {{value}}" }}
runbook = {{ zh = "查告警", en = "check alarms" }}
rationale = {{ zh = "源文", en = "source" }}
noise = {{ zh = "无", en = "none" }}
{more}
"""


def rules(folder: Path, more: str = "", **files: str) -> list[str]:
    """The faults of a folder with one file of GOOD and `more`, and others."""
    folder.mkdir(exist_ok=True)
    (folder / "network.toml").write_text(GOOD.format(more=more), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    try:
        load_rules([folder], ["weak"])
    except Problems as error:
        return [str(p) for p in error.problems]
    return []


def test_a_good_rule(tmp_path: Path) -> None:
    assert rules(tmp_path / "rules") == []
    timing = load_rules([tmp_path / "rules"])["XX01"].timing
    assert [(s.severity, s.threshold) for s in timing.steps] == [("yellow", 0.9), ("orange", 0.8)]
    assert (timing.hold_s, timing.keep_s, timing.recovery) == (3 * 86400, 0, 0.92)


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ('for = "3d"', 'for = "3 dys"', 'for: is not a duration; write a number and s, m, h, d or w, such as "3d" '
         "(came: '3 dys')."),
        ('scope = "district"', 'scope = "planet"', "scope: Input should be 'city'"),
        ("yellow = 0.90", "yellow = 0.70", "thresholds must fall from blue to red where op is '<'; came [0.7, 0.8]"),
        ("recovery = 0.92", "recovery = 0.85", "recovery 0.85 lies beyond the first threshold 0.9"),
        ('signal = "weak"', 'signal = "week"', 'signal "week" is not known; use one of weak.'),
        ('owner = "NET"', "", "owner is missing; add it."),
        ('owner = "NET"', 'owner = "NET"\nowners = "X"', "owners is not a known setting"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_place_and_cure(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    text = GOOD.format(more="")
    assert old in text
    (folder / "network.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        load_rules([folder], ["weak"])
    (said,) = (str(p) for p in caught.value.problems)
    assert said.startswith('rules/network.toml: rule "XX01": ') and fault in said


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    said = rules(tmp_path / "rules", broken="[a\n", other="XX02 = 3\n", twice=GOOD.format(more=""))
    assert len(said) == 3
    assert "rules/broken.toml: is no TOML" in said[0]
    assert said[1] == 'rules/other.toml: rule "XX02": is no table; begin it with a line [XX02].'
    assert said[2] == 'rules/twice.toml: rule "XX01": is in rules/network.toml too; keep one of them.'


def test_a_workspace_may_replace_a_rule(tmp_path: Path) -> None:
    rules(tmp_path / "shipped")
    rules(tmp_path / "own", more="version = 2")
    assert load_rules([tmp_path / "shipped", tmp_path / "own"])["XX01"].version == 2


@pytest.mark.parametrize("text, hours", [("30m", 0.5), ("4h", 4), ("3d", 72), ("2w", 336), ("1.5h", 1.5)])
def test_durations(text: str, hours: float) -> None:
    assert parse(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "3", "h", "3 d", "-1d", "1y", "1d2h", 3])
def test_no_durations(text: object) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["30m", "36h", "3d", "2w", "45s", "0s"])
def test_durations_are_written_as_they_are_read(text: str) -> None:
    assert written(parse(text)) == text
