"""`python -m bench.peers.ask WHO LAST_DAY PATH …`: read, answer all questions twice, print JSON.

WHO is pandas, polars or chdb with the CSV files, or lookout with a home that is loaded and built. The second time
everything that was kept from the first may be used.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.peers.questions import QUESTIONS, Answers, plain, since, sql

TIME, CELL = "开始时间", "CGI"
Asked = Callable[[], Answers]


def lookout(home: Path, last: date) -> Asked:
    from warehouse.home import Home
    from warehouse.hours import open_hours, pins_of
    from warehouse.release import Releases

    releases = Releases(Home(home).releases)
    current = releases.current()
    assert current is not None
    release = releases.path(current)
    con = open_hours(release, Home(home).lake, pins_of(release, Home(home).lake), "4GB")

    def asked() -> Answers:
        found = {}
        for question in QUESTIONS:
            values = {"since": since(last)} if question == "worst" else None
            found[question] = plain(con.execute(sql("lookout", question), values).fetchall())
        return found

    return asked


def in_pandas(files: list[str], last: date) -> Asked:
    import pandas as pd

    kpi = pd.concat([pd.read_csv(file, parse_dates=[TIME], engine="pyarrow") for file in files], ignore_index=True)

    def asked() -> Answers:
        day = kpi[TIME].dt.normalize()
        days = kpi.groupby(day)[["E-RAB异常释放次数", "E-RAB建立成功次数", "RRC连接成功次数", "RRC连接请求次数"]].sum()
        week = kpi[kpi[TIME] >= since(last)].groupby(CELL)[["E-RAB异常释放次数", "E-RAB建立成功次数"]].sum()
        week = week[week["E-RAB建立成功次数"] >= 1000].reset_index()
        week["rate"] = week["E-RAB异常释放次数"] / week["E-RAB建立成功次数"]
        worst = week.sort_values(["rate", CELL], ascending=[False, True]).head(50).drop(columns="rate")
        hours = kpi.groupby([(kpi[TIME].dt.day_of_week + 1) % 7, kpi[TIME].dt.hour])[
            ["下行体验速率分子(Mbit)", "下行体验速率分母(s)"]
        ].sum()
        share = kpi["下行PRB占用数"] / kpi["下行PRB可用数"]
        busiest = share.groupby([kpi[CELL], day]).max()
        full = (busiest > 0.8).groupby(level=0).sum()
        return {
            "days": plain((k, *v) for k, v in zip(days.index, days.to_numpy(), strict=True)),
            "worst": plain(worst.to_numpy()),
            "hours": plain((*k, *v) for k, v in zip(hours.index, hours.to_numpy(), strict=True)),
            "busy": plain([(len(full), (full >= 3).sum())]),
        }

    return asked


def in_polars(files: list[str], last: date) -> Asked:
    import polars as pl

    kpi = pl.read_csv(files, try_parse_dates=True)
    day, time_ = pl.col(TIME).dt.date(), pl.col(TIME)

    def asked() -> Answers:
        lost, held = pl.col("E-RAB异常释放次数").sum(), pl.col("E-RAB建立成功次数").sum()
        days = kpi.group_by(day.alias("day")).agg(
            lost, held, pl.col("RRC连接成功次数").sum(), pl.col("RRC连接请求次数").sum()
        )
        week = kpi.lazy().filter(time_ >= since(last)).group_by(CELL).agg(lost.alias("lost"), held.alias("held"))
        worst = (
            week.filter(pl.col("held") >= 1000)
            .sort([pl.col("lost") / pl.col("held"), CELL], descending=[True, False])
            .head(50)
            .collect()
        )
        hours = kpi.group_by((time_.dt.weekday() % 7).alias("weekday"), time_.dt.hour().alias("hour")).agg(
            pl.col("下行体验速率分子(Mbit)").sum(), pl.col("下行体验速率分母(s)").sum()
        )
        share = (pl.col("下行PRB占用数") / pl.col("下行PRB可用数")).max().alias("busiest")
        full = (
            kpi.lazy()
            .group_by(CELL, day.alias("day"))
            .agg(share)
            .group_by(CELL)
            .agg((pl.col("busiest") > 0.8).sum().alias("n"))
            .select(pl.len(), (pl.col("n") >= 3).sum().alias("full"))
            .collect()
        )
        return {
            "days": plain(days.sort("day").rows()),
            "worst": plain(worst.rows()),
            "hours": plain(hours.sort("weekday", "hour").rows()),
            "busy": plain(full.rows()),
        }

    return asked


def in_chdb(files: list[str], last: date) -> Asked:
    """The files are read into a table once, as whoever asks twice would do."""
    from chdb.session import Session

    session = Session()
    listed = "{" + ",".join(Path(f).name for f in files) + "}" if len(files) > 1 else Path(files[0]).name
    session.query("create database bench")
    session.query("use bench")
    session.query(
        "create table kpi engine = MergeTree order by tuple() as select * from file({path:String}, 'CSVWithNames')",
        params={"path": str(Path(files[0]).parent / listed)},
    )

    def asked() -> Answers:
        found = {}
        for question in QUESTIONS:
            values = {"since": f"{since(last):%Y-%m-%d %H:%M:%S}"} if question == "worst" else {}
            said = session.query(sql("chdb", question), "JSONCompactEachRowWithNames", params=values)
            rows = [json.loads(line) for line in str(said).splitlines()[1:]]
            found[question] = plain([_number(v) for v in row] for row in rows)
        return found

    return asked


def _number(value: Any) -> Any:
    """ClickHouse writes whole numbers of 64 bits as text."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


PEERS: dict[str, Callable[[list[str], date], Asked]] = {"pandas": in_pandas, "polars": in_polars, "chdb": in_chdb}


def main(who: str, last: date, paths: list[str]) -> dict[str, Any]:
    marks = [_now()]
    asked = lookout(Path(paths[0]), last) if who == "lookout" else PEERS[who](paths, last)
    answers = asked()
    marks.append(_now())
    assert asked() == answers
    marks.append(_now())
    # The first part has what starting Python and the libraries took.
    whole = [marks[1][0], marks[1][1] - marks[0][1], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]
    return {"whole": whole, "again": [b - a for a, b in zip(*marks[1:], strict=True)], "answers": answers}


def _now() -> tuple[float, float]:
    """CPU seconds since the process began, and seconds by the clock."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, time.perf_counter()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], date.fromisoformat(sys.argv[2]), sys.argv[3:]), ensure_ascii=False))
