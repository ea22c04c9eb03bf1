"""Reading a generated city back from its files. Generating it is the business of `conftest.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

import fastexcel
import numpy as np
import pandas as pd

from etl.demo import DemoSummary

AS_OF = pd.Timestamp("2025-03-31 08:30")
TIMES = [
    "受理时间",
    "发生时间",
    "派单时间",
    "首次响应时间",
    "处理完成时间",
    "反馈时间",
    "归档时间",
    "承诺到期时间",
    "统计截止时间",
]


def read_tickets(path: Path, encoding: str = "gb18030") -> pd.DataFrame:
    """A ticket export as text: title lines skipped, totals row dropped."""
    lines = path.read_bytes().decode(encoding).splitlines()
    top = next(i for i, line in enumerate(lines) if line.startswith("工单流水号,"))
    body = "\n".join(lines[top:]).encode()
    frame = pd.read_csv(BytesIO(body), dtype=str, keep_default_na=False, na_values=[""])
    return frame[frame["工单流水号"] != "合计"]


def read_xlsx(path: Path, titles: int = 1) -> pd.DataFrame:
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=titles)
    return sheet.to_arrow().to_pandas()


@dataclass(frozen=True)
class Demo:
    """A generated city and its files as frames."""

    folder: Path
    summary: DemoSummary

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @cached_property
    def tickets(self) -> pd.DataFrame:
        paths = sorted(p for p in self.inbox.glob("投诉工单_??????.csv"))
        frame = pd.concat([read_tickets(p) for p in paths], ignore_index=True)
        for column in TIMES:
            frame[column] = pd.to_datetime(frame[column])
        for column in ("转派次数", "催单次数", "重开次数", "补偿金额", "经度", "纬度"):
            frame[column] = pd.to_numeric(frame[column])
        frame["小时数"] = (frame["反馈时间"] - frame["受理时间"]).dt.total_seconds() / 3600
        return frame

    @cached_property
    def valid(self) -> pd.DataFrame:
        t = self.tickets
        keep = (t["请求类别"] != "咨询") & (t["有效性"] != "无效") & t["合并至工单"].isna()
        return t[keep].sort_values("受理时间").reset_index(drop=True)

    @cached_property
    def valid_2024(self) -> pd.DataFrame:
        return self.valid[self.valid["受理时间"] < "2025-01-01"]

    @cached_property
    def valid_2025(self) -> pd.DataFrame:
        return self.valid[self.valid["受理时间"] >= "2025-01-01"]

    @cached_property
    def events(self) -> pd.DataFrame:
        paths = sorted(self.inbox.glob("工单流转日志_??????.csv"))
        frame = pd.concat([pd.read_csv(p, encoding="utf-8-sig") for p in paths], ignore_index=True)
        frame["操作时间"] = pd.to_datetime(frame["操作时间"])
        return frame.sort_values(["工单流水号", "序号"]).reset_index(drop=True)

    @cached_property
    def surveys(self) -> pd.DataFrame:
        paths = sorted(self.inbox.glob("满意度回访_??????.xlsx"))
        frame = pd.concat([read_xlsx(p) for p in paths], ignore_index=True)
        frame["回访时间"] = pd.to_datetime(frame["回访时间"])
        return frame

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Valid answers joined with their valid tickets."""
        given = self.surveys[self.surveys["测评结果"].isin(["满意", "不满意"])]
        return given.merge(self.valid, on="工单流水号")

    @cached_property
    def days(self) -> pd.DataFrame:
        paths = sorted(self.inbox.glob("小区性能_天_??????.parquet"))
        return pd.concat([pd.read_parquet(p) for p in paths], ignore_index=True)

    def hours(self, month: str) -> pd.DataFrame:
        frame = pd.read_csv(self.inbox / f"小区性能_小时_{month}.csv")
        frame["开始时间"] = pd.to_datetime(frame["开始时间"])
        return frame

    def cells(self, snapshot: str = "20250101") -> pd.DataFrame:
        return read_xlsx(self.inbox / f"小区工参_{snapshot}.xlsx")

    @cached_property
    def truth(self) -> pd.DataFrame:
        return pd.read_csv(self.folder / "truth_events.csv", dtype=str, keep_default_na=False)


def metres(frame: pd.DataFrame, lon: float, lat: float) -> np.ndarray:
    """Distance of the frame's GCJ-02 points to a GCJ-02 point."""
    return np.hypot((frame["经度"] - lon) * 94_000, (frame["纬度"] - lat) * 110_900)
