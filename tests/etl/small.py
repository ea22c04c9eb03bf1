"""A little workspace made at run time: three contracts, files of a few rows, nothing that is anybody's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.__main__ import main
from etl.register import Outcome, Register
from warehouse.home import Home
from warehouse.lake import Lake

WORKSPACE = """
id = "small"
name = { zh = "小城(模拟)", en = "Small town (simulated)" }
is_synthetic = true
languages = ["zh", "en"]
timezone = "Asia/Shanghai"
as_of = "data"
sources = ["small_tickets", "small_surveys", "small_days"]
"""

HEAD = """name = "{name}"
table = "{table}"
label = {{ zh = "模拟数据", en = "Simulated" }}
owner = "test (simulated)"
licence = "made by the test"
"""

TICKETS = (
    HEAD.format(name="small_tickets", table="ticket")
    + """plmn = "460-00"
quarantine_limit_pct = 10.0

[file]
pattern = "工单*.csv"
format = "csv"
encoding = "auto"
totals = ["合计"]
missing = ["NIL", "-"]

[columns]
ticket_id = { from = "工单号" }
accepted_at = { from = "受理时间" }
cust_key = { from = "号码", as = "msisdn" }
type_code = { from = "类型", map = "type" }
summary_scrubbed = { from = "内容", as = "scrub" }
place_name = { from = "地点" }
hall_id = { from = "营业厅" }
star = { from = "星级" }
compensation_yuan = { from = "补偿" }
exported_at = { from = "导出时间" }

[maps.type]
"网络" = "NET"
"服务" = "SVC"
"""
)

SURVEYS = (
    HEAD.format(name="small_surveys", table="survey")
    + """
[file]
pattern = "问卷*.xlsx"
format = "xlsx"

[columns]
survey_id = { from = "编号" }
score_10 = { from = "评分" }
segment = { from = "备注" }
"""
)

DAYS = (
    HEAD.format(name="small_days", table="cell_kpi_1d")
    + """plmn = "460-00"

[file]
pattern = "指标*.parquet"
format = "parquet"

[columns]
cell_id = { from = "CGI", as = "cell" }
period_on = { from = "日期" }
rrc_att = { from = "请求" }
rrc_succ = { from = "成功" }
"""
)

HEADER = "工单号,受理时间,号码,类型,内容,地点,营业厅,星级,补偿,导出时间"
PROVENANCE = ("file_id", "row_no", "file_on", "loaded_at")


def phone(n: int, head: str = "38") -> str:
    """A mobile number nobody finds in the repository."""
    return "1" + head + f"{n:08d}"


def ticket(n: int, **other: object) -> str:
    """One line; every value can be replaced by its header."""
    row: dict[str, object] = {
        "工单号": f"T{n:05d}",
        "受理时间": f"2024-03-{n % 28 + 1:02d} 09:{n % 60:02d}:00",
        "号码": phone(n),
        "类型": "网络" if n % 2 else "服务",
        "内容": "没有信号",
        "地点": "文昌阁",
        "营业厅": "H01",
        "星级": n % 8,
        "补偿": "",
        "导出时间": "2024-04-01 00:00:00",
    }
    row |= other
    return ",".join(str(v) for v in row.values())


def csv_text(numbers: Iterable[int], header: str = HEADER, **other: object) -> str:
    return "\n".join([header, *(ticket(n, **other) for n in numbers)]) + "\n"


@dataclass
class SmallHome:
    """A LOOKOUT_HOME of its own, set in the environment; commands run in this process."""

    root: Path
    output: Callable[[], str]

    @property
    def home(self) -> Home:
        return Home(self.root)

    @property
    def lake(self) -> Lake:
        return Lake(self.home.lake)

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = self.home.inbox / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def contract(self, name: str, text: str) -> None:
        self.home.contracts.mkdir(exist_ok=True)
        (self.home.contracts / f"{name}.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """(exit code, what --json printed)."""
        self.output()
        code = main([*arguments, "--json"])
        return code, json.loads(self.output())

    def load(self, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
        """(exit code, what came of each file by name)."""
        code, report = self.run("load", *arguments)
        return code, {f["file_name"]: f for f in report.get("files", [])}

    def outcomes(self) -> dict[str, Outcome]:
        return {o.file_name: o for o in Register(self.lake).outcomes()}

    def stored(self, table: str) -> list[dict[str, Any]]:
        """All rows of a lake table, whether they count or not."""
        delta = self.lake.open(table)
        return [] if delta is None else pa.table(delta.to_pyarrow_table()).to_pylist()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows that count, in order of file and line."""
        live = {(o.file_id, o.loaded_at) for o in Register(self.lake).settled().values() if o.state == "loaded"}
        found = [r for r in self.stored(table) if (r["file_id"], r["loaded_at"]) in live]
        return sorted(found, key=lambda r: (r["file_id"], r.get("row_no", 0)))

    def content(self, table: str) -> list[tuple[Any, ...]]:
        """The rows that count without anything that speaks of the run."""
        kept = [{k: v for k, v in r.items() if k != "loaded_at"} for r in self.rows(table)]
        return [tuple(r.items()) for r in kept]


def set_up(root: Path) -> None:
    """Write the workspace and its contracts into a folder."""
    home = Home(root)
    root.mkdir(parents=True, exist_ok=True)
    home.prepare()
    home.workspace_file.write_text(WORKSPACE, encoding="utf-8")
    home.contracts.mkdir()
    for name, text in {"small_tickets": TICKETS, "small_surveys": SURVEYS, "small_days": DAYS}.items():
        (home.contracts / f"{name}.toml").write_text(text, encoding="utf-8")
