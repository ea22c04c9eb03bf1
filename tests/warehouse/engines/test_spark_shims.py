"""Functions of the models that DuckDB and Spark spell differently: the same rows, also where times are odd."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from warehouse.engines import shims
from warehouse.engines.duckdb import DuckEngine

pytestmark = pytest.mark.spark
HOUR, SECOND, MICRO = datetime(2025, 3, 1, 8), timedelta(seconds=1), timedelta(microseconds=1)
TIMES = [HOUR + shift for shift in (-SECOND, -MICRO, 0 * MICRO, MICRO, SECOND)]
TIMES += [datetime(2025, 3, 1), datetime(2024, 2, 29, 23, 59, 59, 999999), datetime(1969, 12, 31, 23, 59, 59, 1)]
HOURS_S = (0, 8 * 3600, 86399, None)
WORDS = ("", "等待客户", "物业\r同意", "物业\n同意", "(物业|许可).*同意", "客户$|^a", "ab", None)
ONE_BY_ONE = """
select
    n,
    hour_day(a, hour_s) as day,
    seconds_between(a, b) as s,
    plus_seconds(a, n) as later,
    plus_minutes(b, -n) as sooner,
    has_match(word, pattern) as is_found
from pairs
order by n
"""
# Spark sorts by a function, and takes none of those within a function of ours.
TOGETHER = """
with had as (select pattern, array_sort(array_agg(distinct word)) as words from pairs group by pattern)
select pattern, joined(words) as words from had order by pattern
"""
ALIKE = """
with had as (select word, array_agg(distinct word) as words from pairs group by word)
select word, joined(words) as words from had order by word
"""


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    spark = pytest.importorskip("warehouse.engines.spark")
    duck = DuckEngine(tmp_path / "draft.duckdb", tmp_path / "scratch")
    session = spark.session()
    given = list(zip(product([*TIMES, None], [*TIMES, None], HOURS_S), cycle(product(WORDS, WORDS)), strict=False))
    names = ("n", "a", "b", "hour_s", "word", "pattern")
    rows = [dict(zip(names, (n, *times, *words), strict=True)) for n, (times, words) in enumerate(given)]
    types = (pa.int64(), pa.timestamp("us"), pa.timestamp("us"), pa.int64(), pa.string(), pa.string())
    table = pa.Table.from_pylist(rows, pa.schema(list(zip(names, types, strict=True))))
    engines = duck, spark.SparkEngine(session, str(tmp_path))
    for engine in engines:
        engine.give("pairs", table)
    yield engines
    session.stop()
    duck.close()


def first_day(t: datetime, hour_s: int) -> date:
    """The first day whose hour comes no sooner than `t`."""
    day = datetime(t.year, t.month, t.day) - timedelta(days=1)
    while day + timedelta(seconds=hour_s) < t:
        day += timedelta(days=1)
    return day.date()


def test_both_spellings_say_the_same_row_for_row(engines: tuple[Any, Any]) -> None:
    duck, spark = engines
    spelt = [set(re.findall(r"(?:macro|function) (\w+)\(", shims(name))) for name in ("duckdb", "spark")]
    asked = set(re.findall(r"(\w+)\(", ONE_BY_ONE + TOGETHER))
    assert spelt[0] == spelt[1] <= asked
    for sql in (ONE_BY_ONE, TOGETHER, ALIKE):
        found = duck.con.sql(sql).fetchall()
        assert [
            row for row in zip(found, map(tuple, spark.spark.sql(sql).collect()), strict=True) if row[0] != row[1]
        ] == []
    days = {row[0]: row[1] for row in duck.con.sql(ONE_BY_ONE).fetchall()}
    asked_of = list(product([*TIMES, None], [*TIMES, None], HOURS_S))
    assert [days[n] for n in range(len(days))] == [
        None if t is None or hour_s is None else first_day(t, hour_s) for t, _, hour_s in asked_of
    ]
