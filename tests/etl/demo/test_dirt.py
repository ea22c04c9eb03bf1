"""One file per trap; handled correctly, none of them changes a quota."""

from __future__ import annotations

import pandas as pd
import pytest

from etl.demo.dirt import MISSING_TOKENS, TRAP_FILES, decimal_id
from tests.etl.demo.reading import Demo, read_tickets, read_xlsx

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

RESENT = {1: "utf-8-sig", 2: "gb18030", 9: "gb18030"}


def tickets_of(demo: Demo, trap: int, encoding: str = "gb18030") -> pd.DataFrame:
    return read_tickets(demo.inbox / TRAP_FILES[trap][0], encoding)


def clean(demo: Demo, frame: pd.DataFrame) -> pd.DataFrame:
    month = frame["受理时间"].iloc[0][:7].replace("-", "")
    rows = read_tickets(demo.inbox / f"投诉工单_{month}.csv")
    return rows.set_index("工单流水号").loc[frame["工单流水号"]].reset_index()


def test_every_trap_has_its_file(demo: Demo) -> None:
    assert sorted(TRAP_FILES) == list(range(1, 21))
    for name, _ in TRAP_FILES.values():
        assert (demo.inbox / name).stat().st_size > 0, name


def test_dirt_is_below_one_percent_of_the_month(demo: Demo) -> None:
    for trap, (name, _) in TRAP_FILES.items():
        if name.startswith("投诉工单"):
            rows = len(tickets_of(demo, trap, RESENT.get(trap, "gb18030")))
            month = len(read_tickets(demo.inbox / f"{name[:11]}.csv"))
            assert rows <= 0.0125 * month, name


@pytest.mark.parametrize("trap", RESENT)
def test_resent_rows_are_equal_but_for_a_later_version(demo: Demo, trap: int) -> None:
    again = tickets_of(demo, trap, RESENT[trap])
    before = clean(demo, again)
    assert (again["统计截止时间"] > before["统计截止时间"]).all()
    pd.testing.assert_frame_equal(again.drop(columns="统计截止时间"), before.drop(columns="统计截止时间"))


def test_five_title_lines_and_repeated_header(demo: Demo) -> None:
    titled = (demo.inbox / TRAP_FILES[2][0]).read_bytes().decode("gb18030").splitlines()
    assert titled[5].startswith("工单流水号,")
    repeated = (demo.inbox / TRAP_FILES[3][0]).read_bytes().decode("gb18030").splitlines()
    assert sum(line.startswith("工单流水号,") for line in repeated) == 2 and repeated[-1].startswith("合计")


def test_old_names_map_one_to_one_and_two_are_strange(demo: Demo) -> None:
    rows = tickets_of(demo, 17)
    known = rows[~rows["投诉现象一级"].isin(["其他", "综合"])]
    assert len(rows) - len(known) == 2
    pairs = set(zip(known["投诉现象一级"], clean(demo, known)["投诉现象一级"], strict=True))
    assert len(pairs) == len({old for old, _ in pairs})


@pytest.mark.parametrize("trap", [12, 14, 18, 20])
def test_new_rows_are_enquiries(demo: Demo, trap: int) -> None:
    assert (tickets_of(demo, trap)["请求类别"] == "咨询").all()


def test_test_tickets_are_recognisable(demo: Demo) -> None:
    rows = tickets_of(demo, 19)
    assert rows["投诉内容"].str.contains("测试|演练").all()
    assert not demo.tickets["投诉内容"].str.contains("【测试】|演练工单").any()


def test_external_copies_point_to_their_ticket_or_follow_within_48_hours(demo: Demo) -> None:
    rows = tickets_of(demo, 16)
    assert rows["上级工单编号"].notna().any() and rows["上级工单编号"].isna().any()
    ticket = demo.valid.sort_values("受理时间")
    for row in rows.itertuples():
        same = ticket[(ticket["业务号码"] == row.业务号码) & (ticket["投诉现象二级"] == row.投诉现象二级)]
        wait = pd.Timestamp(row.受理时间) - same["受理时间"]
        assert ((wait > pd.Timedelta(0)) & (wait < pd.Timedelta(hours=48))).any()


def test_log_disagrees_with_the_summary_only_in_its_own_file(demo: Demo) -> None:
    rows = tickets_of(demo, 15).set_index("工单流水号")
    logged = demo.events[demo.events["操作"] == "转派"].groupby("工单流水号").size()
    assert (rows["转派次数"].astype(int) - logged.reindex(rows.index).fillna(0) == 2).all()


def test_users_file_with_odd_numbers_says_the_same(demo: Demo) -> None:
    plain = pd.read_csv(
        demo.inbox / "到达用户_2024.csv", encoding="gb18030", skiprows=1, thousands=",", dtype={"月份": str}
    )
    odd = pd.read_csv(demo.inbox / TRAP_FILES[4][0], encoding="gb18030", skiprows=1, dtype=str)
    folded = odd["期末到达用户"].str.normalize("NFKC").str.replace(",", "").str.strip().astype(int)
    assert folded.tolist() == plain["期末到达用户"].head(len(odd)).tolist()


def test_percent_column_is_mixed(demo: Demo) -> None:
    values = pd.read_csv(demo.inbox / TRAP_FILES[5][0])["无线接通率(%)"]
    assert (values <= 1).any() and (values > 90).any()
    assert (pd.read_csv(demo.inbox / TRAP_FILES[7][0])["无线接通率(%)"] > 90).all()


def test_blank_tokens_fill_hours_that_are_missing(demo: Demo) -> None:
    rows = pd.read_csv(demo.inbox / TRAP_FILES[6][0], dtype=str, keep_default_na=False)
    assert set(rows.drop(columns=["开始时间", "CGI"]).stack()) == set(MISSING_TOKENS)
    hours = demo.hours("202405")
    there = hours.merge(rows.assign(开始时间=pd.to_datetime(rows["开始时间"])), on=["开始时间", "CGI"])
    assert there.empty


def test_midnight_and_decimal_ids_repeat_clean_rows(demo: Demo) -> None:
    midnight = pd.read_csv(demo.inbox / TRAP_FILES[8][0])
    assert midnight["开始时间"].str.endswith("24:00").all()
    june = demo.hours("202406")
    june = june[june["开始时间"] == "2024-06-01"].set_index("CGI").loc[midnight["CGI"]]
    assert june["MR采样点数"].tolist() == midnight["MR采样点数"].tolist()
    decimal = pd.read_csv(demo.inbox / TRAP_FILES[10][0], dtype={"CGI": str})
    july = pd.read_csv(demo.inbox / "小区性能_小时_202407.csv").head(len(decimal))
    assert [decimal_id(c) for c in july["CGI"]] == decimal["CGI"].tolist()
    assert decimal_id("460-00-900001-2") == str(900_001 * 256 + 2)


def test_halls_in_another_datum(demo: Demo) -> None:
    usual, other = read_xlsx(demo.inbox / "营业厅.xlsx"), read_xlsx(demo.inbox / TRAP_FILES[13][0])
    assert usual["营业厅编号"].tolist() == other["营业厅编号"].tolist()
    assert (other["经度"] - usual["经度"]).mean() == pytest.approx(0.0065, abs=0.001)
