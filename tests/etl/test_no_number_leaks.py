"""After a load no raw number is anywhere under LOOKOUT_HOME but in the inbox, nor in anything that was printed."""

from __future__ import annotations

import gzip
import random
import re
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from etl.__main__ import main
from etl.privacy import CustomerKey
from tests.etl.privacy.made import card, digits, email, identity, identity_15
from tests.etl.small import HEADER, TICKETS, SmallHome, csv_text, phone, ticket
from warehouse.build import Build
from warehouse.workspace import load_workspace

N = 60
NUMBERS = [phone(7_000_000 + n * 1_234_567 % 90_000_000, head) for n in range(N) for head in ("38", "59")]
_RNG = random.Random(20250331)
# Not a number of a phone, and no less somebody's.
OTHERS = [
    made(_RNG) for made in (identity, identity_15, email, lambda r: card(r, 19), lambda r: "0514-8" + digits(r, 7))
]
# An open file of the engine has pages of its own packing, so strings are read through the engine as well.
DATABASES = (".duckdb", ".db")


def texts_under(root: Path) -> dict[str, str]:
    """All that can be read in every file below a folder, the inbox left out: names, bytes, and what is packed."""
    found = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if "inbox" in path.relative_to(root).parts:
            continue
        raw = path.read_bytes()
        parts = [str(path.relative_to(root)), raw.decode("latin-1"), raw.decode("utf-16-le", "ignore")]
        if path.suffix == ".parquet":
            parts.append(str(pq.read_table(path).to_pylist()))
            parts.append(str(pq.read_metadata(path).to_dict()))
        elif path.suffix in DATABASES:
            with duckdb.connect(str(path), read_only=True) as con:
                names = [row[0] for row in con.sql("select table_name from duckdb_tables()").fetchall()]
                parts += [str(con.table(name).fetchall()) for name in names]
                parts += [str(con.sql("select * from duckdb_columns()").fetchall())]
        elif path.suffix in (".gz", ".zst"):
            parts.append(gzip.decompress(raw).decode("utf-8", "replace") if path.suffix == ".gz" else "")
        found[str(path.relative_to(root))] = "\n".join(parts)
    return found


def spellings(secret: str) -> list[str]:
    """As it was, and with everything but digits taken out, the way a search of a thief would go about it."""
    return [secret, *({re.sub("[^0-9]", "", secret)} if len(re.sub("[^0-9]", "", secret)) > 10 else set())]


def leaks(root: Path) -> list[tuple[str, str]]:
    texts = texts_under(root).items()
    return [(name, s) for name, text in texts for n in NUMBERS + OTHERS for s in spellings(n) if s in text]


def fill(small: SmallHome) -> None:
    """A number in every place of a file, of a file's name and of a folder that a person might type one into."""
    n = iter(NUMBERS)
    citizen, old_citizen, mail, bank, line = OTHERS
    lines = [
        ticket(0, 号码=next(n)),
        ticket(1, 号码=f"{next(n)}.0", 内容=f"请回电{next(n)}或{next(n)}"),
        ticket(2, 地点=next(n)),
        ticket(3, 类型=f"网络{next(n)}"),
        ticket(4, 营业厅=next(n)),
        ticket(5, 星级=next(n)),
        ticket(6, 补偿=next(n)),
        ticket(7, 受理时间=next(n)),
        ticket(8, 工单号=next(n)),
        ticket(9, 导出时间=f"{next(n)} 9点"),
        ticket(10, 内容=f'"{"话" * 110}{next(n)}"') + f",多一列{next(n)}",
        ticket(13, 内容=f"证件{citizen}、{old_citizen},{mail},卡号{bank},座机{line}"),
        ticket(14, 类型=f"服务{citizen}{mail}"),
        ticket(15, 地点=f"{line}旁{bank}"),
        ticket(16, 星级=f"{next(n)}星", 补偿=citizen),
        ticket(17, 受理时间="", 内容=f"没有受理时间的一行{next(n)}"),
        ticket(18, 类型=f"+86 {next(n)}"),
        f"T00019,只有三列,{next(n)}",
        ticket(11, 内容=f'"没有关上的引号{next(n)}'),
        ticket(12, 内容=f"在后面{next(n)}"),
    ]
    small.put(f"工单_{next(n)}.csv", "\n".join([HEADER, *lines, ""]), "gb18030")
    small.put("工单_没有表头.csv", "\n".join(ticket(k, 号码=next(n), 内容=f"客户电话{next(n)}") for k in range(3)))
    small.put("工单_别的表头.csv", f"{next(n)},受理时间,{next(n)}\n1,2,3\n")
    extra = csv_text([30, 31], f"{HEADER},{next(n)},备注").replace("00:00:00\n", f"00:00:00,{next(n)},{next(n)}\n")
    small.put("工单_多两列.csv", extra)
    twice = csv_text([40], f"{HEADER},{next(n)},{next(n)}").replace("00:00:00\n", "00:00:00,a,b\n")
    small.put("工单_重名.csv", twice + twice)
    small.put(f"工单_副本{next(n)}.csv", twice + twice)
    mixed = csv_text([50], 内容=f"编码{next(n)}").encode() + f"T00051,{next(n)}".encode() + b"\xff\xfe\x81" * 20
    small.put("工单_乱码.csv", mixed)
    small.put("工单_空.csv", "")
    small.put(f"别的_{next(n)}.csv", "x")
    (small.home.inbox / f"文件夹{next(n)}").mkdir()
    (small.home.inbox / f"工单_文件夹{next(n)}.csv").mkdir()
    with xlsxwriter.Workbook(small.home.inbox / "问卷1.xlsx") as book:
        sheet = book.add_worksheet(next(n))
        sheet.write_row(0, 0, ["编号", "评分", "备注", next(n)])
        sheet.write_row(1, 0, ["A1", 9, f"联系{next(n)}"])
        sheet.write_row(2, 0, [next(n), 9, "整列是号码"])
        sheet.write_row(3, 0, ["A3", int(next(n)), citizen])
        sheet.write_row(4, 0, [citizen, 8, mail])
    small.put(f"问卷_{next(n)}.xlsx", b"PK\x03\x04" + next(n).encode() * 50)
    small.put("指标1.parquet", b"PAR1" + next(n).encode() * 50 + b"PAR1")
    table = pa.table({"CGI": [next(n)], "日期": [f"日期{next(n)}"], "请求": [next(n)], "成功": ["1"], next(n): ["x"]})
    pq.write_table(table, small.home.inbox / "指标2.parquet")


@pytest.mark.deep
def test_no_number_anywhere(
    small: SmallHome, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(small)
    said = []
    for arguments in (["load"], ["load", "--json"], ["status"], ["status", "--json"]):
        main(arguments)
    assert main(["load", str(small.home.inbox / f"不在_{NUMBERS[-1]}.csv")]) == 2
    assert main(["load", "--contract", NUMBERS[-1]]) == 2
    assert main(["withdraw", f"不在_{NUMBERS[-1]}.csv"]) == 2
    assert main(["withdraw", "工单_多两列.csv", "--reason", f"客户{NUMBERS[-1]}要求"]) == 0
    assert main(["rejected", f"不在_{NUMBERS[-1]}.csv"]) == 2
    at = datetime(2024, 5, 1)
    Build(small.home, load_workspace(small.root), at, at, said.append).run()
    # A fault of the program itself, with a customer's words in it.
    monkeypatch.setattr("etl.scan.compile_contract", lambda *_: {}[f"客户{NUMBERS[-2]}没有信号"])
    small.put("工单_新.csv", csv_text([60]))
    assert main(["load"]) == 1
    printed = capsys.readouterr()
    assert leaks(small.root) == []
    everything = "\n".join([printed.out, printed.err, *map(str, said)])
    assert [s for n in NUMBERS + OTHERS for s in spellings(n) if s in everything] == []
    texts = texts_under(small.root)
    tokens = {
        t for name, text in texts.items() if name.startswith("lake/") for t in re.findall(r"\[[^\[\]]{2,3}\]", text)
    }
    assert {"[手机号]", "[证件号]", "[邮箱]", "[银行卡]", "[固话]"} <= tokens
    assert any("[手机号]" in text for name, text in texts.items() if name.startswith("lake/quarantine"))
    assert any("[手机号]" in text for name, text in texts.items() if name.startswith("releases/"))
    assert len(small.rows("ticket")) >= 8


@pytest.mark.parametrize("suffix", [".txt", ".parquet", ".duckdb"])
def test_the_search_reads_every_kind_of_file(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / f"x{suffix}"
    if suffix == ".parquet":
        pq.write_table(pa.table({"a": [f"联系{NUMBERS[0]}"] * 1000}), place, compression="zstd")
    elif suffix == ".duckdb":
        with duckdb.connect(str(place)) as con:
            con.execute("create table t as select ? as a from range(5000)", [f"联系{NUMBERS[0]}"])
    else:
        place.write_text(f"联系{NUMBERS[0]}")
    assert {n for _, n in leaks(tmp_path)} == {NUMBERS[0]}


def test_the_search_would_find_one(small: SmallHome) -> None:
    """The contract forgets the treatment of the text, and the number column is declared an id with a shape."""
    forgetful = TICKETS.replace(', as = "msisdn"', ', shape = "[0-9]+"')
    small.contract("small_tickets", forgetful)
    small.put("工单1.csv", csv_text([1], 号码=NUMBERS[0]))
    small.load()
    assert {n for _, n in leaks(small.root)} == {NUMBERS[0]}


def test_raw_copies_are_gone_after_each_file(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    import etl.scan

    small.put("工单1.csv", csv_text(range(3)), "gb18030")
    small.put("工单2.csv", csv_text(range(3, 6)), "gb18030")
    seen = []
    real = etl.scan.compile_contract

    def looking(*arguments: object) -> object:
        seen.append([(p.name, p.stat().st_mode & 0o777) for p in small.home.scratch.iterdir()])
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(etl.scan, "compile_contract", looking)
    small.load()
    assert seen == [[("copy.utf8.csv", 0o600)]] * 2
    assert list(small.home.scratch.iterdir()) == []
    assert small.home.scratch.stat().st_mode & 0o777 == 0o700


def test_the_secret_is_private_and_its_fingerprint_lies_beside_the_lake(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(3)))
    small.load()
    secret = small.home.secret_file
    assert secret.stat().st_mode & 0o777 == 0o600
    kept = small.home.key_fingerprint_file.read_text().strip()
    assert kept == CustomerKey(secret.read_bytes()).fingerprint


def test_another_secret_is_refused(small: SmallHome) -> None:
    small.load()
    kept = small.home.key_fingerprint_file.read_text().strip()
    small.home.secret_file.write_bytes(b"b" * 32)
    small.put("工单1.csv", csv_text(range(3)))
    code, report = small.run("load")
    other = CustomerKey(b"b" * 32).fingerprint
    assert code == 2
    assert report["problems"] == [
        {
            "where": str(small.home.secret_file),
            "what": f"holds the secret {other}; the lake's customer keys were made with {kept}",
            "cure": "restore the secret from its backup; another one would split every customer in two",
        }
    ]
    assert small.stored("ticket") == []


def test_a_lost_secret_is_not_made_anew(small: SmallHome) -> None:
    small.load()
    kept = small.home.key_fingerprint_file.read_text().strip()
    small.home.secret_file.unlink()
    code, report = small.run("load")
    assert code == 2
    assert report["problems"][0]["what"] == f"is missing; the lake's customer keys were made with the secret {kept}"
    assert not small.home.secret_file.exists()


def test_a_secret_that_others_can_read_is_refused(small: SmallHome) -> None:
    small.load()
    small.home.secret_file.chmod(0o644)
    code, report = small.run("load")
    assert code == 2
    assert "mode 644 lets others read or change the customer key secret" in report["problems"][0]["what"]
