"""The command `python -m etl infer FILE`: what was found, what it rests on, what a person decides, what to do next.

Exit codes: 0 loads as it stands (owner and licence are still to be written, which loading does not wait for), 3 a
person must decide how the file is read, 1 the file cannot be read, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import shlex
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from etl.cli.console import Console
from etl.infer.draft import Draft, draft
from etl.infer.preview import Preview, key_question, preview
from etl.infer.words import Note, refusal
from warehouse.home import Home, write_atomically
from warehouse.problems import Failure, Problems
from warehouse.workspace import Workspace, WorkspaceFile, load_workspace

READY, UNREADABLE, DECIDE = 0, 1, 3
SAYS = {
    "zh": {
        "found": "看到的", "columns": "列", "left": "没有用到", "decide": "请决定", "rows": "试读",
        "landed": "{landed:,} / {rows:,} 行可入库，{rejected:,} 行被拒，{flagged:,} 个值被标记",
        "wrote": "已写 {path}", "next": "下一步",
        "edit": "改好标出的行，再运行", "mapped": "对应 {share:.0%}", "ready": "可以直接装载",
    },
    "en": {
        "found": "Found", "columns": "Columns", "left": "Not used", "decide": "To decide", "rows": "Trial",
        "landed": "{landed:,} of {rows:,} rows land, {rejected:,} rejected, {flagged:,} values flagged",
        "wrote": "wrote {path}",
        "next": "Next", "edit": "edit the marked lines, then run", "mapped": "{share:.0%} mapped",
        "ready": "ready to load",
    },
}  # fmt: skip


def run(args: argparse.Namespace, console: Console) -> int:
    """Draft, try, report. Raises `Failure` when the file cannot be read, `Problems` on wrong usage."""
    if not args.file.is_file():
        raise refusal("no_file", str(args.file))
    workspace = None if args.workspace else _own_workspace()
    name = args.out.stem if args.out else None
    try:
        made = draft(args.file, workspace, table=args.table, name=name, language=args.language)
    except Problems as error:
        if any(p.where == "--table" for p in error.problems):
            raise
        raise Failure(error.problems) from None
    language = args.language or ("zh" if made.text.startswith("# 由") else "en")
    tried, fault = _try(args.file, made, workspace, console.utc())
    is_asked = any(n.code == "key_repeats" for n in made.decisions)
    if tried is not None and not is_asked and (asked := key_question(made.contract, tried)):
        made = replace(made, notes=[*made.notes, asked])
    wrote = _write(args, made)
    text = "\n".join(lines(made, tried, fault, wrote, language, args))
    console.report(as_json(made, tried, fault, wrote), text)
    return DECIDE if made.decisions or fault else READY


def _own_workspace() -> Workspace | None:
    home = Home.from_environment()
    return load_workspace(home.root) if home.workspace_file.exists() else None


def space_of(made: Draft, workspace: Workspace | None) -> Workspace | WorkspaceFile:
    """The workspace that the draft would be loaded under: the one that is there, or the drafted settings."""
    if workspace is not None:
        return workspace
    import tomllib

    return WorkspaceFile.model_validate(tomllib.loads(made.workspace["workspace.toml"]))


def _try(path: Path, made: Draft, workspace: Workspace | None, now: datetime) -> tuple[Preview | None, str]:
    """Load the file by the unedited draft, without a lake."""
    try:
        return preview(path, made.contract, space_of(made, workspace), now), ""
    except Problems as error:
        return None, str(error)


def _write(args: argparse.Namespace, made: Draft) -> list[Path]:
    wrote = []
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(args.out, made.text)
        wrote.append(args.out)
    if args.workspace:
        contracts = args.workspace / "contracts"
        contracts.mkdir(parents=True, exist_ok=True)
        for file_name, text in made.workspace.items():
            target = args.workspace / file_name
            if target.exists():
                raise refusal("there", str(target))
            write_atomically(target, text)
            wrote.append(target)
        if not args.out:
            write_atomically(contracts / f"{made.name}.toml", made.text)
            wrote.append(contracts / f"{made.name}.toml")
    return wrote


def lines(
    made: Draft, tried: Preview | None, fault: str, wrote: list[Path], language: str, args: argparse.Namespace
) -> list[str]:
    """The report for people."""
    word = SAYS[language]
    if not wrote:
        return [made.text, *_decisions(made, language), *_trial(tried, fault, language)]
    shown = [f"{word['found']}:"]
    shown += [f"  {n.say(language)}" for n in made.notes if n.weight != "decide"]
    shown.append(f"{word['columns']}:")
    for drafted in made.columns:
        share = f", {word['mapped'].format(share=drafted.mapping.share)}" if drafted.mapping else ""
        why = "; ".join(n.say(language) for n in drafted.notes if n.weight != "decide")
        shown.append(f"  {drafted.column} <- {_origin(drafted.settings)}{share}{'  (' + why + ')' if why else ''}")
    if made.left_out:
        shown.append(f"{word['left']}: " + ", ".join(made.left_out))
    shown += _trial(tried, fault, language)
    shown += _decisions(made, language)
    shown += [word["wrote"].format(path=p) for p in wrote]
    shown.append(f"{word['next']}: " + (word["edit"] + ": " if made.decisions else "") + next_command(args, made))
    return shown


def _decisions(made: Draft, language: str) -> list[str]:
    return [f"{SAYS[language]['decide']}:", *(f"  {n.say(language)}" for n in [*made.decisions, *made.to_fill])]


def _trial(tried: Preview | None, fault: str, language: str) -> list[str]:
    word = SAYS[language]
    if tried is None:
        return [f"{word['rows']}: {fault}"] if fault else []
    text = word["landed"].format(
        landed=tried.n_landed, rows=tried.n_rows, rejected=tried.n_rejected, flagged=tried.n_flagged
    )
    return [f"{word['rows']}: {text}"]


def _origin(settings: dict[str, Any]) -> str:
    for key in ("from", "compose", "collect", "capture", "const"):
        if key in settings:
            value = settings[key]
            return " + ".join(value) if isinstance(value, (list, dict)) else f"{value}"
    return ""


def next_command(args: argparse.Namespace, made: Draft) -> str:
    """What to type after the draft is right."""
    if args.workspace:
        return (
            f"python -m etl init {shlex.quote(str(args.workspace))} && python -m etl load {shlex.quote(str(args.file))}"
        )
    target = shlex.quote(str(args.file))
    contract = shlex.quote(str(args.out)) if args.out else f"{made.name}.toml"
    return f"python -m etl add {contract} && python -m etl load --contract {made.name} {target}"


def as_json(made: Draft, tried: Preview | None, fault: str, wrote: list[Path]) -> dict[str, Any]:
    """The report for machines."""
    return {
        "name": made.name,
        "table": made.table,
        "others": dict(made.others),
        "rows": made.n_rows,
        "headers": made.n_headers,
        "columns": {
            d.column: {"origin": _origin(d.settings),
                "mapped": d.mapping.share if d.mapping else None} for d in made.columns
        },
        "left_out": {h: n.en for h, n in made.left_out.items()},
        "notes": [_note(n) for n in made.notes],
        "decide": [_note(n) for n in made.decisions],
        "fill": [_note(n) for n in made.to_fill],
        "trial": None if tried is None else {
            "rows": tried.n_rows, "landed": tried.n_landed, "rejected": tried.n_rejected, "flagged": tried.n_flagged,
            "replaced": tried.n_replaced,
        },
        "fault": fault,
        "wrote": [str(p) for p in wrote],
        "contract": made.text,
        "workspace": made.workspace,
    }  # fmt: skip


def _note(note: Note) -> dict[str, str]:
    return {"code": note.code, "weight": note.weight, "column": note.column, "zh": note.zh, "en": note.en}
