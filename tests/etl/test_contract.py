"""A contract's faults are all named at once, each as a sentence with place, fault and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.contract import SHIPPED, read_contract, read_contracts
from tests.etl.small import DAYS, TICKETS
from warehouse.canonical import tables
from warehouse.problems import Problems


def faults(path: Path, text: str | bytes) -> list[str]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Problems) as caught:
        read_contract(path)
    return [str(p).removeprefix(f"{path}: ") for p in caught.value.problems]


def test_a_good_contract_reads(tmp_path: Path) -> None:
    path = tmp_path / "small_tickets.toml"
    path.write_text(TICKETS, encoding="utf-8")
    contract = read_contract(path)
    assert contract.takes("工单_1.csv") and not contract.takes("工单_1.xlsx")
    assert contract.is_required("ticket_id") and not contract.is_required("star")
    assert contract.target.time_column == "accepted_at"


def test_the_hash_changes_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "small_tickets.toml"
    path.write_text(TICKETS, encoding="utf-8")
    before = read_contract(path).content_hash
    path.write_text(TICKETS.replace("10.0", "11.0"), encoding="utf-8")
    assert read_contract(path).content_hash != before


def test_all_faults_of_the_settings_at_once(tmp_path: Path) -> None:
    text = TICKETS.replace('format = "csv"', 'format = "csvx"').replace('owner = "test (simulated)"\n', "")
    text = text.replace("totals", "total").replace("quarantine_limit_pct = 10.0", "quarantine_limit_pct = 101")
    found = faults(tmp_path / "small_tickets.toml", text)
    assert sorted(found) == [
        "file.format: Input should be 'csv', 'xlsx', 'xls', 'parquet', 'json' or 'jsonl' (came: 'csvx').",
        "file.total is not a known setting; remove it or correct its spelling.",
        "owner is missing; add it.",
        "quarantine_limit_pct: Input should be less than or equal to 100 (came: 101).",
    ]


def test_all_faults_of_the_columns_at_once(tmp_path: Path) -> None:
    text = TICKETS.replace("ticket_id = ", "ticket = ").replace('map = "type"', 'map = "typ"')
    text += '\n[maps.none]\n[columns.lon]\nfrom = "经度"\n[columns.channel_code]\ncapture = "c"\n'
    assert faults(tmp_path / "small_tickets.toml", text) == [
        "file: column ticket does not exist in table ticket; "
        "column ticket_id is required by table ticket and has no source; "
        "maps.none is empty; "
        "columns.type_code: maps.typ is not defined; "
        "columns.channel_code: file.capture has no group c; "
        "lon and lat need [position] with their datum."
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            ('{ from = "星级" }', '{ from = "星级", const = "1" }'),
            "columns.star: needs exactly one of from, const, capture, compose, collect.",
        ),
        (
            ('{ from = "营业厅" }', '{ from = "营业厅", shape = "(?=H)" }'),
            "columns.hall_id.shape: is not a regular expression (invalid perl operator: (?=) (came: '(?=H)').",
        ),
        (
            ("[columns]", '[time]\nformats = ["dd/mm"]\nzone = "Mars/North"\n[columns]'),
            'time.formats: \'dd/mm\' is neither "iso" nor a format such as "%Y-%m-%d %H:%M".\n'
            "time.zone: is not a time zone; write a name such as Asia/Shanghai (came: 'Mars/North').",
        ),
        (
            ('missing = ["NIL", "-"]', "header = -1"),
            'file.header: write "find", or the number of the header line, 0 when there is none (came: -1).',
        ),
        (
            ('table = "ticket"', 'table = "etl_file"'),
            "file: table 'etl_file' does not exist; choose one of ai_session, alarm, bill, biz_op, cell, ",
        ),
        (('missing = ["NIL"', 'capture = "("\nmissing = ["NIL"'), "file.capture: is not a regular expression"),
    ],
)
def test_one_fault(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    assert change[0] in TICKETS
    found = "\n".join(faults(tmp_path / "small_tickets.toml", TICKETS.replace(*change)))
    assert sentence in found


def test_a_class_that_is_no_pattern_is_found_before_any_file(tmp_path: Path) -> None:
    text = (
        TICKETS.replace('map = "type"', 'classify = "type", unmapped = "missing"')
        + '\n[classes]\ntype = [["a(", "NET"]]\n'
    )
    assert faults(tmp_path / "small_tickets.toml", text) == [
        "file: classes.type: 'a(' is not a regular expression (missing ): a()."
    ]


def test_not_toml_not_text_and_another_name(tmp_path: Path) -> None:
    path = tmp_path / "small_tickets.toml"
    assert faults(path, "name = ")[0].startswith("is not valid TOML (Invalid value")
    assert faults(path, TICKETS.encode("gb18030"))[0].startswith("is not valid TOML ('utf-8' codec can't decode")
    assert faults(path, DAYS) == ["name is 'small_days'; write 'small_tickets', the file's name."]


def test_faults_of_all_contracts_of_a_workspace_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_contracts(["one", "two"], tmp_path)
    assert [p.where for p in caught.value.problems] == [str(tmp_path / "one.toml"), "workspace.toml"]
    assert "sources names 'two', and no such contract exists" in str(caught.value)


def test_every_shipped_contract_is_sound() -> None:
    names = [p.stem for p in SHIPPED.glob("*.toml")]
    assert len(read_contracts(names, Path("nowhere"))) == len(names) > 10


def test_every_table_from_outside_has_a_shipped_contract() -> None:
    shipped = {contract.table for contract in read_contracts([p.stem for p in SHIPPED.glob("*.toml")], Path("nowhere"))}
    assert {name for name, table in tables().items() if not table.internal} - shipped == set()


def position(text: str) -> str:
    return TICKETS + f"[position]\n{text}\n[columns.lon]\nfrom = '经度'\n[columns.lat]\nfrom = '纬度'\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("none_at = []", 'position: needs datum ("WGS-84", "GCJ-02" or "BD-09") or datum_column'),
        ('datum = "WGS-84"\ndatums = { a = "BD-09" }', "position: datums needs datum_column"),
        ('datum = "CGCS2000"', "position.datum: Input should be 'WGS-84', 'GCJ-02' or 'BD-09'"),
        ('datum = "WGS-84"\n[columns.grid50]\nfrom = "g"', "column grid50 is computed from the position"),
    ],
)
def test_a_position_that_cannot_be_placed(tmp_path: Path, text: str, sentence: str) -> None:
    [found] = faults(tmp_path / "small_tickets.toml", position(text))
    assert sentence in found


def test_a_datum_column_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "small_tickets.toml"
    path.write_text(position('datum_column = "坐标系"\ndatums = { "老 GIS" = "GCJ-02" }'), encoding="utf-8")
    contract = read_contract(path)
    assert contract.columns["datum_original"].header == ["坐标系"]
    assert contract.position is not None and contract.position.shown_datum == "[坐标系]"
    said = ("wgs 84", "EPSG:4326", "ＢＤ－０９", "百度坐标", "老gis", "火星", "bd09mc", "")
    assert [contract.position.datum_named(s) for s in said] == [
        "WGS-84", "WGS-84", "BD-09", "BD-09", "GCJ-02", "GCJ-02", None, None
    ]  # fmt: skip
