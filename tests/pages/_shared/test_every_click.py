"""Every chart of the views that explain narrows on a click, or stands in one list with the reason why not."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VIEWS = ("pages/flow.py", "pages/complaints.py", "pages/actions.py", "pages/ticket.py")
# Blocks of those pages that are lists and forms without a chart of these views.
ELSEWHERE = {"ledger", "worked", "action_card", "action_form", "action_today", "chart_notes"}
DRAWS = {("draw", "show"), ("measure_trend", "show")}
# block.function of a chart -> why a click has nothing to narrow to.
NO_CLICK = {
    "case_course._weeks": "weeks around one finished case: the case is the filter, and the weeks are its finest grain",
    "case_course._weak": "days of one place: signal samples have no rows that a page may show",
    "other_sources._by": "a source without tickets has no filter bar; its survey is narrowed under satisfaction",
    "rhythm._hours": "an hour of a weekday is a pattern over a year, which no filter holds",
    "rhythm._month_days": "a day of the month is a pattern over a year, which no filter holds",
    "subtypes._trend": "weeks of what the filters leave: the period is counted back from the data, so a week is none",
    "weeks.show": "weeks of one measure: the period is counted back from the data, so a week is no filter",
    "voice_course._trend": "its second picture stands under the evidence; the first one narrows",
    "voice_survey._course": "its second picture stands under the evidence; the first one narrows",
}


def modules() -> dict[str, ast.Module]:
    """The blocks that the views draw, with those that they draw in turn, by name."""
    found: dict[str, ast.Module] = {}
    waiting = [ROOT / view for view in VIEWS]
    while waiting:
        path = waiting.pop()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.parent.name in ("blocks", "_shared"):
            found[path.stem] = tree
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in ("pages._shared.blocks", "pages._shared"):
                for name in (alias.name for alias in node.names):
                    file = ROOT / node.module.replace(".", "/") / f"{name}.py"
                    is_block = node.module == "pages._shared.blocks" or name == "other_sources"
                    if is_block and file.exists() and name not in found and name not in ELSEWHERE:
                        waiting.append(file)
    return found


def is_clickable(call: ast.Call) -> bool:
    """What `clicks` gives is handed on with "**" or as `click`, one's own as `on_select`. `common` is how it looks."""
    own = [ast.unparse(k.value) for k in call.keywords if k.arg is None]
    return any(k.arg in ("on_select", "click") for k in call.keywords) or any(name != "common" for name in own)


def still() -> dict[str, list[int]]:
    """block.function -> lines of its charts that no click answers."""
    found: dict[str, list[int]] = {}
    for name, tree in modules().items():
        for function in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
            for call in ast.walk(function):
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                    continue
                of = call.func.value
                if isinstance(of, ast.Name) and (of.id, call.func.attr) in DRAWS and not is_clickable(call):
                    found.setdefault(f"{name}.{function.name}", []).append(call.lineno)
    return found


def test_every_chart_narrows_or_says_why_not() -> None:
    told = still()
    assert {where: lines for where, lines in told.items() if where not in NO_CLICK} == {}
    # A reason goes with its chart.
    assert sorted(NO_CLICK.keys() - told.keys()) == []
    assert [len(told[where]) for where in ("voice_course._trend", "voice_survey._course")] == [1, 1]


def test_the_list_looks_at_the_charts_it_is_about() -> None:
    known = modules()
    assert {"due", "overdue", "limits_kept", "handover_hour", "replay", "assessment"} <= known.keys()
    assert {"voice_units", "voice_rates", "returns", "opinion", "case_course"} <= known.keys()
    drawn = sum(ast.unparse(tree).count("draw.show(") for tree in known.values())
    assert drawn >= 35, drawn
