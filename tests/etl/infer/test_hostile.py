"""Files that do harm or are no tables: a sentence or a draft, never a traceback, never anybody's number."""

from __future__ import annotations

import json
import random
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from etl.infer import draft
from etl.infer.preview import preview
from tests.etl.infer.samples import SAMPLES, mobile, text
from warehouse.problems import Problems
from warehouse.workspace import WorkspaceFile

NOW = datetime(2025, 4, 1)
NO_TABLES = {
    "empty.csv": b"",
    "blank.csv": b" \n\n \n",
    "binary.csv": bytes(range(256)) * 40,
    "page.xls": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
    "cut.xlsx": b"PK\x03\x04" + b"\0" * 40,
    "cut.parquet": b"PAR1" + b"\0" * 40,
    "header_only.csv": b"Ticket,Created,Category\n",
    "locked.xlsx": b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_no_table_gives_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(NO_TABLES[name])
    with pytest.raises(Problems) as error:
        draft(path)
    assert str(error.value).startswith(name)


def test_a_number_typed_anywhere_is_not_written(tmp_path: Path) -> None:
    rows: list[list[object]] = [["工单号", "受理时间", "受理渠道", "投诉类型", "区县", "状态"]]
    for i in range(60):
        rows.append([f"T{i}", f"2025-03-{i % 28 + 1:02d} 08:00", ["热线", "网厅"][i % 2], "网络", "甲区", "已归档"])
    for column in range(2, 6):
        rows[column * 5][column] = mobile(7_000_000 + column)
        rows[column * 5 + 1][column] = "+86 " + mobile(7_100_000 + column)[:3] + "-" + mobile(7_100_000 + column)[3:]
    path = tmp_path / f"投诉_{mobile(77)}.csv"
    path.write_bytes(text(rows))
    made = draft(path)
    written = made.text + json.dumps(made.workspace) + " ".join(n.zh + n.en for n in made.notes)
    digits = "".join(c for c in written if c.isdigit() or c.isalpha())
    assert not [n for n in [*range(7_000_002, 7_000_006), *range(7_100_002, 7_100_006)] if mobile(n) in digits]
    assert mobile(77) not in made.text.replace(made.contract.file.pattern[0], "")


def test_words_of_the_file_cannot_write_settings(tmp_path: Path) -> None:
    evil = 'x" } ; pattern = "*'
    rows: list[list[object]] = [["Ticket", "Created", evil, "Category"]]
    rows += [[f"T{i}", f"2025-03-{i % 28 + 1:02d}", "a", f'"]\nname = "owned{i % 3}'] for i in range(30)]
    path = tmp_path / "tickets.csv"
    path.write_bytes(text(rows))
    made = draft(path)
    assert made.contract.file.pattern == ["tickets.csv"]
    assert tomllib.loads(made.text)["name"] == made.name
    assert "owned0" not in tomllib.loads(made.text)


@pytest.mark.parametrize("seed", [pytest.param(n, marks=[pytest.mark.deep] if n % 4 else []) for n in range(20)])
def test_damaged_files_end_in_a_draft_or_a_sentence(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    sample = SAMPLES[seed % len(SAMPLES)]()
    content = bytearray(sample.content)
    for _ in range(rng.randrange(1, 40)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    path = tmp_path / sample.file_name
    path.write_bytes(bytes(content[: rng.randrange(len(content) // 2, len(content))]))
    try:
        made = draft(path)
        settings = WorkspaceFile.model_validate(tomllib.loads(made.workspace["workspace.toml"]))
        seen = preview(path, made.contract, settings, NOW)
    except Problems as error:
        assert str(error)
    else:
        assert seen.n_rows == seen.n_landed + seen.n_rejected + sum(seen.dropped.values())


@pytest.mark.parametrize("n_columns", [20, pytest.param(400, marks=pytest.mark.deep)])
def test_odd_shapes(tmp_path: Path, n_columns: int) -> None:
    shapes = {
        "wide.csv": "\n".join(
            [",".join(f"h{i}" for i in range(n_columns)), ",".join("1" for _ in range(n_columns))] * 3
        ),
        "one_column.csv": "Ticket\n" + "\n".join(f"T{i}" for i in range(30)),
        "long_cell.csv": "Ticket,Created,Text\n" + "\n".join(f"T{i},2025-03-01,{'x' * 20000}" for i in range(20)),
        "same_names.csv": "a,a,A,,\n1,2,3,4,5\n6,7,8,9,10\n",
        "one_row.csv": "Ticket,Created\nT1,2025-03-01 08:00\n",
    }
    for name, content in shapes.items():
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        made = draft(path)
        assert made.contract.table == made.table
