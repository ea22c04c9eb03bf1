"""After a load no raw mobile number is anywhere under LOOKOUT_HOME but in the inbox."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from etl.__main__ import main
from etl.privacy import CustomerKey
from tests.etl.small import HEADER, TICKETS, SmallHome, csv_text, phone, ticket
from warehouse.build import Build
from warehouse.workspace import load_workspace

N = 40
NUMBERS = [phone(7_000_000 + n * 1_234_567 % 90_000_000, head) for n in range(N) for head in ("38", "59")]


def texts_under(root: Path) -> dict[str, str]:
    """All that can be read in every file below a folder, the inbox left out: Parquet and DuckDB are unpacked."""
    found = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if "inbox" in path.relative_to(root).parts:
            continue
        parts = [path.name, path.read_bytes().decode("latin-1")]
        if path.suffix == ".parquet":
            parts.append(str(pq.read_table(path).to_pylist()))
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as con:
                names = [row[0] for row in con.sql("select table_name from duckdb_tables()").fetchall()]
                parts += [str(con.table(name).fetchall()) for name in names]
        found[str(path.relative_to(root))] = "\n".join(parts)
    return found


def leaks(root: Path) -> list[tuple[str, str]]:
    return [(name, n) for name, text in texts_under(root).items() for n in NUMBERS if n in text]


def fill(small: SmallHome) -> None:
    n = iter(NUMBERS)
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
        ticket(11, 内容=f'"没有关上的引号{next(n)}'),
        ticket(12, 内容=f"在后面{next(n)}"),
    ]
    small.put(f"工单_{next(n)}.csv", "\n".join([HEADER, *lines, ""]), "gb18030")
    small.put("工单_没有表头.csv", "\n".join(ticket(k, 号码=next(n), 内容=f"客户电话{next(n)}") for k in range(3)))
    small.put(f"别的_{next(n)}.csv", "x")
    with xlsxwriter.Workbook(small.home.inbox / "问卷1.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "评分", "备注"])
        sheet.write_row(1, 0, ["A1", 9, f"联系{next(n)}"])
        sheet.write_row(2, 0, [next(n), 9, "整列是号码"])
        sheet.write_row(3, 0, ["A3", int(next(n)), ""])


def test_no_number_anywhere(small: SmallHome, capsys: pytest.CaptureFixture[str]) -> None:
    fill(small)
    assert main(["load"]) == 1
    assert main(["status"]) == 0
    printed = capsys.readouterr()
    at = datetime(2024, 5, 1)
    Build(small.home, load_workspace(small.root), at, at, lambda _: None).run()
    assert leaks(small.root) == []
    assert [n for n in NUMBERS if n in printed.out + printed.err] == []
    texts = texts_under(small.root)
    assert any("[手机号]" in text for name, text in texts.items() if name.startswith("lake/quarantine"))
    assert any("[手机号]" in text for name, text in texts.items() if name.startswith("releases/"))
    assert len(small.rows("ticket")) >= 8


def test_the_search_would_find_one(small: SmallHome) -> None:
    """The contract forgets the treatment of the text, and the number column is declared an id with a shape."""
    forgetful = TICKETS.replace(', as = "msisdn"', ', shape = "[0-9]+"')
    small.contract("small_tickets", forgetful)
    small.put("工单1.csv", csv_text([1], 号码=NUMBERS[0]))
    small.load()
    assert {n for _, n in leaks(small.root)} == {NUMBERS[0]}


def test_raw_copies_are_gone_after_each_file(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    import etl.load

    small.put("工单1.csv", csv_text(range(3)), "gb18030")
    small.put("工单2.csv", csv_text(range(3, 6)), "gb18030")
    seen = []
    real = etl.load.compile_contract

    def looking(*arguments: object) -> object:
        seen.append([(p.name, p.stat().st_mode & 0o777) for p in small.home.scratch.iterdir()])
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(etl.load, "compile_contract", looking)
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
