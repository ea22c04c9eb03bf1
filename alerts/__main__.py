"""Commands of early warning: run, backtest, import-history, notify, past, explain, review, rules. Only here this layer
reads the clock.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. Warnings are no failure.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from alerts import backtest, history, live, notify, outbox, past, store
from alerts.acted import knowing
from alerts.actions import past as measures
from alerts.actions import training
from alerts.review import command as review
from alerts.review import past as meetings
from alerts.rules import SHIPPED, Rule
from alerts.sentence import scope_name, sentence
from alerts.sources import Release, names, rules_of
from warehouse import ops, settled
from warehouse.home import Home
from warehouse.problems import Failure, Problems, problem
from warehouse.workspace import Workspace, load_workspace

DONE, FAILED, USAGE = 0, 1, 2
# What a file of the past may be, besides deeds on warnings.
REGISTERS: tuple[tuple[Any, str], ...] = ((measures, "measures"), (training, "trainings"), (meetings, "meetings"))
_SHIPPED = "shipped rules"
PROGRESS_S = 2.0


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    try:
        code: int = args.run(args)
        return code
    except Problems as error:
        if args.json:
            print(json.dumps({"problems": [vars(p) for p in error.problems]}, ensure_ascii=False, indent=2))
        else:
            print(error, file=sys.stderr)
        return FAILED if isinstance(error, Failure) else USAGE
    except sa.exc.SQLAlchemyError as error:
        # The statement may hold values; the reason alone is enough.
        print(f"alerts: the operations store does not work: {getattr(error, 'orig', None) or error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m alerts", description="Evaluate the rules and keep the warnings.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print one JSON document instead of text")

    run = commands.add_parser("run", parents=[shared], help="evaluate every rule up to now")
    run.add_argument("--as-of", type=datetime.fromisoformat, help="instead of the instant the release speaks of")
    run.add_argument("--from", dest="since", type=datetime.fromisoformat, help="where a rule never run begins")
    run.set_defaults(run=_run)

    back = commands.add_parser("backtest", parents=[shared], help="what a rule would have said")
    back.add_argument("rule")
    back.add_argument("--from", dest="since", type=datetime.fromisoformat, help="default: 26 weeks before the end")
    back.add_argument("--to", dest="until", type=datetime.fromisoformat, help="default: the release's instant")
    back.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="such as yellow=1.3 or for=2h")
    back.set_defaults(run=_backtest)

    past = commands.add_parser(
        "import-history",
        parents=[shared],
        help="take over what people did: about past warnings, which are raised anew, or a register of measures, of"
        " trainings or of meetings",
    )
    past.add_argument("file", type=Path)
    past.set_defaults(run=_import_history)

    notify = commands.add_parser("notify", parents=[shared], help="tell people what is new, as workspace.toml says")
    notify.add_argument("--at", type=datetime.fromisoformat, help="instead of now, local time")
    notify.add_argument("--dry-run", action="store_true", help="show what waits, send nothing")
    notify.set_defaults(run=_notify)

    past = commands.add_parser("past", parents=[shared], help="take over warnings of an earlier register (CSV)")
    past.add_argument("files", nargs="+", type=Path)
    past.set_defaults(run=_past)

    explain = commands.add_parser("explain", parents=[shared], help="why a warning fired, and what happened since")
    explain.add_argument("warning")
    explain.set_defaults(run=_explain)

    review.add_to(commands, shared, _now)

    rules = commands.add_parser("rules", parents=[shared], help="list the rules, or every fault in them")
    rules.set_defaults(run=_rules)
    return parser


def _run(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    release = Release.current(home, keeps=True)
    kept = ops.open_ops(ops.ops_url(home))
    _note_settled(home, kept, datetime.now(UTC).replace(tzinfo=None))
    done = live.run(kept, release, rules_of(home, kept), args.as_of or release.as_of, args.since, _progress())
    if args.json:
        print(json.dumps(done.as_dict(), ensure_ascii=False, indent=2))
        return FAILED if done.faults else DONE
    for rule_id, fault in done.faults.items():
        print(f"{rule_id}: {fault}", file=sys.stderr)
    print(f"{done.n_rules} rules up to {done.as_of:%Y-%m-%d %H:%M}: {done.n_new} new warnings, {done.n_firing} firing")
    return FAILED if done.faults else DONE


def _note_settled(home: Home, kept: sa.Engine, at: datetime) -> None:
    """The rules that ship with the program are settled too; a new version of it may bring others."""
    shipped = {f"{_SHIPPED}/{path.name}": path for path in sorted(SHIPPED.glob("*.toml"))}
    settled.note(kept, settled.files(home) | shipped, settled.operator(), at, (*settled.FOLDERS, _SHIPPED))


def _backtest(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    release = Release.current(home)
    kept = ops.open_ops(ops.ops_url(home))
    rules = rules_of(home, kept)
    rule = _known(rules, args.rule)
    changed = knowing(backtest.changed(rule, dict(_pair(text) for text in args.set)), kept)
    until = args.until or release.as_of
    found = backtest.run(changed, release, args.since or backtest.default_start(until), until, rules, _progress())
    if args.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=2, default=str))
        return DONE
    for episode in found.episodes:
        where = scope_name(rule.scope, episode.scope, names(release), "en")
        ended = f"{episode.ended_at:%Y-%m-%d %H:%M}" if episode.ended_at else "still firing"
        print(f"{episode.fired_at:%Y-%m-%d %H:%M}  {episode.severity:<7} {where}  until {ended}")
    print(found.summary())
    return DONE


def _progress() -> Callable[[int, int], None]:
    """Says on stderr how far a long computation is, no oftener than every few seconds."""
    begun = last = time.monotonic()

    def say(done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PROGRESS_S:
            last = now
            left = (now - begun) / done * (of - done)
            print(f"{done} of {of} evaluations, about {left:.0f} s left", file=sys.stderr, flush=True)

    return say


def _import_history(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    for register, called in REGISTERS:
        if register.is_register(args.file):
            taken = register.take(ops.open_ops(ops.ops_url(home)), Release.current(home), args.file)
            told = f"{args.file.name}: {taken.n_new} {called} taken over, {taken.n_known} were there"
            print(json.dumps({"file": args.file.name, **vars(taken)}, ensure_ascii=False) if args.json else told)
            return DONE
    records = history.read(args.file)
    release = Release.current(home, keeps=True)
    done = history.bring_in(ops.open_ops(ops.ops_url(home)), release, rules_of(home), records, release.as_of)
    print(json.dumps(done.as_dict(), ensure_ascii=False, indent=2) if args.json else done.summary())
    for rule_id, fault in done.faults.items():
        print(f"{rule_id}: {fault}", file=sys.stderr)
    return FAILED if done.faults else DONE


def _notify(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    settings, zone = workspace.settings.notify, ZoneInfo(workspace.settings.timezone)
    release = Release.current(home)
    kept = ops.open_ops(ops.ops_url(home))

    def clock() -> datetime:
        return args.at or datetime.now(zone).replace(tzinfo=None)

    name = {"zh": workspace.settings.name.zh, "en": workspace.settings.name.en}
    context = notify.Context(rules_of(home, kept), names(release), settings, name, workspace.settings.is_synthetic)
    n_planned = notify.plan(kept, context, clock())
    if args.dry_run:
        for waiting in outbox.waiting(kept):
            print(f"--- {waiting['target']}: {waiting['title']}\n{waiting['body']}")
        return DONE
    addresses = {t.name: os.environ[t.url_env] for t in settings.targets if os.environ.get(t.url_env)}
    done = outbox.deliver(kept, addresses, outbox.by_apprise, clock)
    said = f"{n_planned} messages written, {done.n_sent} sent, {done.n_failed} failed, {done.n_waiting} waiting"
    print(json.dumps({"n_planned": n_planned, **vars(done)}) if args.json else said)
    return FAILED if done.n_failed else DONE


def _past(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    release = Release.current(home)
    kept = ops.open_ops(ops.ops_url(home))
    for path in args.files:
        taken = past.take(kept, release, path)
        said = f"{path.name}: {taken.n_new} warnings taken over, {taken.n_known} were there"
        print(json.dumps({"file": path.name, **vars(taken)}, ensure_ascii=False) if args.json else said)
    return DONE


def _explain(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    release = Release.current(home)
    kept = ops.open_ops(ops.ops_url(home))
    rows = store.warnings(kept, ops.warning.c.warning_id == args.warning)
    if not rows:
        raise problem(args.warning, "no warning has this id", "take one from `python -m alerts run` or the page")
    (row,) = rows
    rule = _known(rules_of(home, kept), row["rule_id"])
    seen = json.loads(row["evidence_json"] or "{}")
    past = store.history(kept, args.warning)
    if args.json:
        print(json.dumps({**row, "evidence": seen, "history": past}, ensure_ascii=False, indent=2, default=str))
        return DONE
    for lang in ("zh", "en"):
        print(sentence(rule, row["scope_id"], seen, names(release), lang))
    print(f"{rule.id} v{row['rule_version']} {rule.en}: {rule.rationale.en}")
    for event in past:
        print(f"{event['happened_at']:%Y-%m-%d %H:%M}  {event['actor']}: {event['action']} {event['note']}".rstrip())
    return DONE


def _rules(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    rules = rules_of(home, ops.open_ops(ops.ops_url(home)) if home.root.exists() else None)
    if args.json:
        print(json.dumps([r.model_dump(mode="json", by_alias=True) for r in rules.values()], ensure_ascii=False))
        return DONE
    for rule in rules.values():
        print(f"{rule.id}  v{rule.version}  {rule.standing:<8} {rule.zh} / {rule.en}")
    return DONE


def _now(workspace: Workspace) -> datetime:
    """The workspace's own time: where it is pinned to an instant, that instant."""
    at = workspace.settings.as_of
    return at if isinstance(at, datetime) else datetime.now(ZoneInfo(workspace.settings.timezone)).replace(tzinfo=None)


def _known(rules: dict[str, Rule], rule_id: str) -> Rule:
    if rule_id not in rules:
        raise problem(rule_id, "is no rule", f"use one of {', '.join(rules)}")
    return rules[rule_id]


def _pair(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise problem(f"--set {text}", "has no value", "write KEY=VALUE, such as yellow=1.3")
    return key.strip(), value.strip()


if __name__ == "__main__":
    sys.exit(main())
