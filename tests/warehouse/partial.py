"""Builds of the tables a test speaks of, and those they are made from: a tenth of the models takes a fifth of the time.

That the whole release is built, and the same whichever way, is held by `test_build` and by the demo city.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from warehouse import made
from warehouse.catalog import checks, models
from warehouse.measures import measures
from warehouse.steps import readers

# What every reader of a release asks for.
ALWAYS = frozenset({"dim_region", "dim_type", "dim_channel", "dim_dept", "fact_file", "fact_ticket"})


def named_in(source: Path, test: str | None = None) -> frozenset[str]:
    """Tables that the text of a test module names, by themselves or by a measure over them; without what stands in
    other tests than `test`, if one is told."""
    words = set(re.findall(r"\w+", _text(source, test)))
    bases = {base for m in measures().values() if m.id in words for base in (m.base, m.denominator_base)}
    return frozenset((words | bases) & models().keys())


@lru_cache(maxsize=1000)
def _text(source: Path, test: str | None) -> str:
    text = source.read_text(encoding="utf-8")
    if test is None:
        return text
    lines: list[str] = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name != test:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            lines[first - 1 : node.end_lineno] = [""] * ((node.end_lineno or first) - first + 1)
    return "\n".join(lines)


@contextmanager
def only(names: Collection[str]) -> Iterator[None]:
    """Within it the catalogue of models holds these, what always is, and what they are made from; and their checks."""
    whole, asked = dict(models()), list(checks())
    kept: set[str] = set()
    todo = list(ALWAYS.union(names))
    while todo:
        name = todo.pop()
        if name in whole and name not in kept:
            kept.add(name)
            todo += (whole[name].inputs | made.behind(whole[name].inputs)) & whole.keys()
            # What a step left in the release before it reads from all that was made of it.
            steps = {made.BY_TABLE[table] for table in whole[name].inputs & made.BY_TABLE.keys()}
            todo += [reader.name for step in steps for reader in readers(step)]
    try:
        for name in whole.keys() - kept:
            del models()[name]
        checks()[:] = [check for check in asked if not (check.inputs & whole.keys()) - kept]
        yield
    finally:
        models().clear()
        models().update(whole)
        checks()[:] = asked
