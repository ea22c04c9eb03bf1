"""One file per trap of the dirty-data catalogue, on top of clean data.

After correct handling (last version wins, alias, quarantine, exclude, count once) no quota changes:
rows are either re-sent copies of clean rows, enquiries, test rows, or second copies of one complaint.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from etl.demo import names, write
from etl.demo.city import City
from etl.demo.clock import DAY, HOUR, at, month_bounds
from etl.demo.geo import gcj02_to_bd09, wgs84_to_gcj02
from etl.demo.kpi import COUNTERS
from etl.demo.plant import Truth
from etl.demo.rng import Streams
from etl.demo.ticket_files import TITLES, export_time, write_ticket_csv

Ints = NDArray[np.int64]

TRAP_FILES: dict[int, tuple[str, str]] = {
    1: ("投诉工单_202402_UTF8BOM.csv", "同月部分工单以UTF-8 BOM补发,内容不变"),
    2: ("投诉工单_202403_标题行.csv", "表头上方5行标题备注,内容不变"),
    3: ("投诉工单_202404_重复表头.csv", "文件中间重复表头,末行合计"),
    4: ("到达用户_2024_数字格式.csv", "全角数字、千分位、引号、前后空格,数值不变"),
    5: ("小区指标比率_202406_百分比混用.csv", "同列混用97.3与0.973,应拒收"),
    6: ("小区性能_小时_202405_缺失值.csv", "补发的2小时全部为NIL、/0、N/A等,应为空值"),
    7: ("小区指标比率_202407.csv", "只有比率没有计数器"),
    8: ("小区性能_小时_202406_24点.csv", "零点写成前一日24:00,内容不变"),
    9: ("投诉工单_202405_补发.csv", "同一批工单较晚版本,内容不变"),
    10: ("小区性能_小时_202407_ECI.csv", "CGI列写成十进制ECI/NCI,内容不变"),
    11: ("小区工参_20240701.xlsx", "快照内更名8个小区、搬迁4个站、20250101起6个退网"),
    12: ("投诉工单_202409_坐标异常.csv", "经纬度对调、为0、市外、度分格式;均为咨询单"),
    13: ("营业厅_百度坐标.xlsx", "同一营业厅清单,坐标系BD-09"),
    14: ("投诉工单_202410_时间倒置.csv", "反馈早于受理、响应晚于完成;均为咨询单"),
    15: ("投诉工单_202411_汇总不符.csv", "汇总列与流转日志不符,以日志为准"),
    16: ("投诉工单_202412_外部重复.csv", "同一投诉在外部系统再次出现,数量只计一次"),
    17: ("投诉工单_202407_类型旧名.csv", "旧名、空格、错字;2件未映射为咨询单"),
    18: ("投诉工单_202501_归属不一致.csv", "归属区县与投诉区县不同;号码为旧号;均为咨询单"),
    19: ("投诉工单_202406_测试工单.csv", "测试与演练工单,应排除"),
    20: ("投诉工单_202502_长号科学计数.csv", "长号被表格软件改成科学计数,应拒收"),
}
MISSING_TOKENS = ("", "NIL", "/0", "N/A", "-", "#DIV/0!", "null")


def write_dirt(streams: Streams, folder: Path, city: City, rows: pa.Table, counted: NDArray[np.bool_]) -> list[Truth]:
    """Write every trap's file; `rows` is the clean ticket table, `counted` marks its quota rows."""
    book = _Book(streams, folder, rows, counted)
    book.resent(1, "202402", encoding="utf-8-sig")
    book.resent(2, "202403", titles=("扬州分公司", *TITLES, "制表人:系统自动"))
    book.repeated_header("202404")
    book.resent(9, "202405")
    book.test_tickets("202406")
    book.aliases("202407")
    book.bad_points("202409")
    book.inverted_times("202410")
    book.disagreeing("202411")
    book.external_copies("202412")
    book.wrong_home("202501")
    book.mangled("202502")
    _users(folder)
    _ratios(streams, folder, city)
    _kpi(folder, city)
    _halls(folder, city)
    return [
        Truth(f"T{number:02d}", "dirty_data", "", f"file:{name}", "", "", note)
        for number, (name, note) in TRAP_FILES.items()
    ]


class _Book:
    """Picks clean ticket rows of a month and writes altered copies."""

    def __init__(self, streams: Streams, folder: Path, rows: pa.Table, counted: NDArray[np.bool_]) -> None:
        self.streams, self.folder, self.rows = streams, folder, rows
        plain = pc.is_in(rows["请求类别"], pa.array(["投诉", "故障"])).to_numpy(zero_copy_only=False)
        inside = pc.is_in(rows["受理渠道"], pa.array(list(names.CHANNEL_NAMES[:4]))).to_numpy(zero_copy_only=False)
        hand_made = pc.match_substring_regex(rows["工单流水号"], "9[0-9]{5}$").to_numpy(zero_copy_only=False)
        self.usable = counted & plain & inside & ~hand_made
        self.seconds = rows["受理时间"].cast(pa.int64()).to_numpy()

    def sample(self, trap: int, month: str, share: float = 0.009) -> pa.Table:
        """Up to `share` of the month's rows, stamped as a later version."""
        low, high = month_bounds(month)
        pool = np.flatnonzero(self.usable & (self.seconds >= low) & (self.seconds < high))
        n = max(4, int(share * ((self.seconds >= low) & (self.seconds < high)).sum()))
        picked = np.sort(self.streams.get("dirt", trap).choice(pool, min(n, len(pool)), replace=False))
        later = min(export_time(month) + 5 * DAY, at("2025-03-31 08:30"))
        return self.put(self.rows.take(pa.array(picked)), {"统计截止时间": write.instants(np.full(len(picked), later))})

    @staticmethod
    def put(rows: pa.Table, columns: dict[str, pa.Array | list[str | None]]) -> pa.Table:
        for name, values in columns.items():
            array = values if isinstance(values, pa.Array) else write.text(values)
            rows = rows.set_column(rows.column_names.index(name), name, array)
        return rows

    def enquiries(self, trap: int, month: str) -> pa.Table:
        """Copies under new ids that stand outside every denominator."""
        rows = self.sample(trap, month)
        n = rows.num_rows
        ids = [f"YZ{month}01{800_000 + trap * 1_000 + i}" for i in range(n)]
        return self.put(rows, {"工单流水号": ids, "请求类别": ["咨询"] * n, "是否重复": ["否"] * n})

    def save(self, trap: int, rows: pa.Table, **options: Any) -> None:
        write_ticket_csv(self.folder / TRAP_FILES[trap][0], rows, **options)

    def resent(self, trap: int, month: str, **options: Any) -> None:
        self.save(trap, self.sample(trap, month), **options)

    def repeated_header(self, month: str) -> None:
        rows = self.sample(3, month)
        half = rows.num_rows // 2
        body = write.csv_body(rows).decode().splitlines()
        header = ",".join(rows.column_names)
        total = ",".join(["合计", *[""] * 6, f"{rows.num_rows}件", *[""] * (rows.num_columns - 8)])
        lines = [*TITLES, header, *body[:half], header, *body[half:], total, ""]
        with write.replacing(self.folder / TRAP_FILES[3][0]) as temporary:
            temporary.write_bytes("\r\n".join(lines).encode("gb18030"))

    def test_tickets(self, month: str) -> None:
        rows = self.sample(19, month)
        n = rows.num_rows
        ids = [f"YZ{month}01{819_000 + i}" for i in range(n)]
        texts = [("【测试】系统联调工单,请勿处理", "坐席演练工单,内容为练习")[i % 2] for i in range(n)]
        self.save(
            19,
            self.put(
                rows,
                {
                    "工单流水号": ids,
                    "投诉内容": texts,
                    "受理工号": ["TEST0001" if i % 2 == 0 else "DRILL0002" for i in range(n)],
                },
            ),
        )

    def aliases(self, month: str) -> None:
        rows = self.sample(17, month)
        old = {
            "资费套餐": "计费收费",
            "网络质量": "网路质量",
            "服务质量": " 服务 质量 ",
            "业务办理": "业务受理",
            "终端设备": "终端 设备",
        }
        first = [old[name] for name in rows["投诉现象一级"].to_pylist()]
        rows = self.put(rows, {"投诉现象一级": first})
        strange = self.enquiries(117, month).slice(0, 2)
        strange = self.put(strange, {"投诉现象一级": ["其他", "综合"], "投诉现象二级": ["未分类", "未分类"]})
        self.save(17, pa.concat_tables([rows, strange]))

    def bad_points(self, month: str) -> None:
        rows = self.enquiries(12, month)
        n = rows.num_rows
        kinds = (
            ("32.394000", "119.412000"),
            ("0", "0"),
            ("121.473700", "31.230400"),
            ("119°26.4′", "32°23.7′"),
        )
        self.save(12, self.put(rows, {"经度": [kinds[i % 4][0] for i in range(n)],
         "纬度": [kinds[i % 4][1] for i in range(n)],
                                      "定位方式": ["设备"] * n}))  # fmt: skip

    def inverted_times(self, month: str) -> None:
        rows = self.enquiries(14, month)
        n = rows.num_rows
        accepted = rows["受理时间"].cast(pa.int64()).to_numpy()
        odd = np.arange(n) % 2 == 0
        resolved = rows["处理完成时间"].cast(pa.int64()).fill_null(0).to_numpy()
        self.save(14, self.put(rows, {
            "反馈时间": write.instants(np.where(odd, accepted - 2 * HOUR, resolved + HOUR)),
            "首次响应时间": write.instants(np.where(odd, accepted + HOUR, resolved + 3 * HOUR)),
        }))  # fmt: skip

    def disagreeing(self, month: str) -> None:
        rows = self.sample(15, month)
        fed_back = rows["反馈时间"].cast(pa.int64()).fill_null(0).to_numpy()
        moves = rows["转派次数"].to_numpy()
        self.save(15, self.put(rows, {
            "反馈时间": write.instants(np.where(fed_back > 0, fed_back - 2 * HOUR, -1)),
            "转派次数": pa.array(moves + 2), "催单次数": pa.array(np.zeros(len(moves), dtype=np.int64)),
        }))  # fmt: skip

    def external_copies(self, month: str) -> None:
        rows = self.sample(16, month, share=0.004)
        n = rows.num_rows
        original = rows["工单流水号"].to_pylist()
        accepted = rows["受理时间"].cast(pa.int64()).to_numpy() + (5 + np.arange(n) * 4) * HOUR
        self.save(16, self.put(rows, {
            "工单流水号": [f"WB{month}{i + 1:08d}" for i in range(n)],
            "上级工单编号": [original[i] if i % 2 == 0 else None for i in range(n)],
            "受理渠道": [("黑猫投诉", "消费者协会", "12345政务热线")[i % 3] for i in range(n)],
            "受理时间": write.instants(accepted), "是否越级": ["是"] * n, "是否重复": ["否"] * n,
        }))  # fmt: skip

    def wrong_home(self, month: str) -> None:
        rows = self.enquiries(18, month)
        n = rows.num_rows
        self.save(18, self.put(rows, {"归属区县": [("南京市鼓楼区", "泰州市海陵区")[i % 2] for i in range(n)],
                                      "投诉区县": ["宝应县"] * n}))  # fmt: skip

    def mangled(self, month: str) -> None:
        rows = self.enquiries(20, month)
        n = rows.num_rows
        self.save(20, self.put(rows, {"工单流水号": ["2.02502E+17"] * n, "业务号码": ["1.38E+10"] * n}))


def _users(folder: Path) -> None:
    lines = (folder / "到达用户_2024.csv").read_bytes().decode("gb18030").splitlines()
    header = lines[1]
    body = lines[2:10]
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    altered = []
    for number, line in enumerate(body):
        cells = next(iter(_split(line)))
        figures = [f" {c} " if number % 2 else c.translate(wide) for c in cells[2:]]
        altered.append(",".join([f'"{cells[0]}"', f" {cells[1]} ", *[f'"{f}"' for f in figures]]))
    with write.replacing(folder / TRAP_FILES[4][0]) as temporary:
        temporary.write_bytes(("\r\n".join(["到达用户月报(模拟数据)", header, *altered]) + "\r\n").encode("gb18030"))


def _split(line: str) -> list[list[str]]:
    import csv

    return list(csv.reader([line]))


def _ratios(streams: Streams, folder: Path, city: City) -> None:
    """A second system that exports ratios only. The June file mixes two writings of percent in one column."""
    rng = streams.get("dirt", "ratios")
    cells = np.flatnonzero(city.cells.hourly)[:30]
    for trap, month in ((5, "2024-06"), (7, "2024-07")):
        n = len(cells) * 5
        access = np.round(rng.normal(99.3, 0.3, n).clip(90, 100), 2)
        shown = [f"{v / 100:.4f}" if trap == 5 and i % 3 == 0 else f"{v:.2f}" for i, v in enumerate(access)]
        columns: dict[str, write.Column] = {
            "日期": [f"{month}-{d + 1:02d}" for d in range(5) for _ in cells],
            "CGI": [city.cells.cgi[c] for _ in range(5) for c in cells],
            "无线接通率(%)": shown,
            "无线掉线率(%)": [f"{v:.2f}" for v in rng.gamma(2, 0.08, n)],
            "切换成功率(%)": [f"{v:.2f}" for v in rng.normal(98.6, 0.4, n).clip(90, 100)],
        }
        write.csv(folder / TRAP_FILES[trap][0], write.table(columns))


def _hours(folder: Path, month: str) -> pa.Table:
    path = folder / f"小区性能_小时_{month}.csv"
    return pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(column_types={"开始时间": pa.string()}))


def _kpi(folder: Path, city: City) -> None:
    june = _hours(folder, "202406").slice(0, 24 * 120)
    midnight = june.filter(pc.equal(june["开始时间"], "2024-06-01 00:00:00")).slice(0, 40)
    stamp = write.text(["2024-05-31 24:00"] * midnight.num_rows)
    write.csv(folder / TRAP_FILES[8][0], midnight.set_column(0, "开始时间", stamp))
    july = _hours(folder, "202407").slice(0, 60)
    write.csv(
        folder / TRAP_FILES[10][0],
        july.set_column(1, "CGI", write.text([decimal_id(c) for c in july["CGI"].to_pylist()])),
    )
    place = city.cells_of_place(names.JIESHOU)
    rows = [(city.cells.cgi[c], f"2024-05-14 {h:02d}:00:00") for h in (2, 3) for c in place]
    columns: dict[str, write.Column] = {"开始时间": [r[1] for r in rows], "CGI": [r[0] for r in rows]}
    for number, header in enumerate(COUNTERS.values()):
        columns[header] = [MISSING_TOKENS[(i + number) % len(MISSING_TOKENS)] for i in range(len(rows))]
    write.csv(folder / TRAP_FILES[6][0], write.table(columns))


def decimal_id(cgi: str) -> str:
    """`460-00-node-cell` as one decimal: ECI = eNB × 256 + cell; NCI = gNB × 4096 + cell (24-bit node)."""
    node, cell = (int(part) for part in cgi.split("-")[2:])
    return str(node * 256 + cell if node >= 900_000 else node * 4096 + cell)


def _halls(folder: Path, city: City) -> None:
    halls = city.halls
    lon, lat = gcj02_to_bd09(*wgs84_to_gcj02(halls.lon, halls.lat))
    rows = [
        (halls.ids[h], halls.names[h], names.DISTRICT_NAMES[names.TOWNS[halls.town[h]].district],
         names.TOWNS[halls.town[h]].name, round(float(lon[h]), 6), round(float(lat[h]), 6), 6 + h % 9)
        for h in range(len(halls.ids))
    ]  # fmt: skip
    header = ("营业厅编号", "营业厅名称", "所属区县", "所属街镇", "经度", "纬度", "营业员数")
    write.xlsx(folder / TRAP_FILES[13][0], "营业厅", header, rows, ("营业厅清单(模拟数据) 坐标系:BD-09",))
