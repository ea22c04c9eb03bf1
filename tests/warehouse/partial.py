"""Builds of the tables a test speaks of, and those they are made from: a tenth of the models takes a fifth of the time.

That the whole release is built, and the same whichever way, is held by `test_build` and by the demo city.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse import made
from warehouse.catalog import checks, models
from warehouse.measures import measures
from warehouse.steps import readers

# What every reader of a release asks for.
ALWAYS = frozenset({"dim_region", "dim_type", "dim_channel", "dim_dept", "fact_file", "fact_ticket"})


def named_in(source: Path) -> frozenset[str]:
    """Tables that the text of a test module names, by themselves or by a measure over them."""
    words = set(re.findall(r"\w+", source.read_text(encoding="utf-8")))
    bases = {base for m in measures().values() if m.id in words for base in (m.base, m.denominator_base)}
    return frozenset((words | bases) & models().keys())


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
