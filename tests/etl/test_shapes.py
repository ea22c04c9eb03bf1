"""Where rows come from: what a contract may say of files and queries, and the sentence for what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.contract import Contract, read_contract
from tests.etl.query.asking import CONTRACT, SINCE
from tests.etl.small import TICKETS
from warehouse.problems import Problems


def read(folder: Path, text: str, name: str) -> Contract:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return read_contract(path)


def test_a_query_needs_no_file(tmp_path: Path) -> None:
    found = read(tmp_path, CONTRACT.replace("SETTINGS", SINCE), "crm")
    assert (found.file.format, found.folder) == ("parquet", tmp_path)
    assert found.takes("crm.pull-20240301T090000.parquet")
    assert not found.takes("crm2.pull-20240301T090000.parquet")


URL = 'url_env = "LOOKOUT_TEST_URL"'
QUERIES = {
    "no address": (URL, "", "needs exactly one of url_env, url_file"),
    "two addresses": (URL, URL + '\nurl_file = "x"', "needs exactly one of url_env, url_file"),
    "an address": (URL, 'url = "postgresql://u:p@h/d"', "query.url is not a known setting"),
    "a path": ('"crm.sql"', '"../crm.sql"', "query.sql_file: String should match pattern"),
    "an offset": (
        "SETTINGS",
        "begin = 2024-01-01T00:00:00Z",
        "begin is a local time of the workspace and has",
    ),
    "other files": (
        "[query]",
        '[file]\npattern = "*.csv"\nformat = "csv"\n[query]',
        "a query's files are its own",
    ),
    "no patience": ("SETTINGS", "timeout_seconds = 0", "query.timeout_seconds: Input should be greater than 0"),
}


@pytest.mark.parametrize("fault", QUERIES)
def test_a_query_that_cannot_be(tmp_path: Path, fault: str) -> None:
    old, new, sentence = QUERIES[fault]
    with pytest.raises(Problems) as caught:
        read(tmp_path, CONTRACT.replace(old, new, 1).replace("SETTINGS", SINCE), "crm")
    assert sentence in str(caught.value)
    assert "u:p@h" not in str(caught.value)


FILES = {
    "records of a table": ('format = "csv"', 'format = "csv"\nrecords = "a"', 'so format must be "json"'),
    "records of nothing": ('format = "csv"', 'format = "json"\nrecords = "a..b"', "names joined by points"),
    "an unknown encoding": ('"auto"', '"ebcdic"', "file.encoding: Input should be 'auto', 'utf-8'"),
}


@pytest.mark.parametrize("fault", FILES)
def test_a_file_that_cannot_be(tmp_path: Path, fault: str) -> None:
    old, new, sentence = FILES[fault]
    with pytest.raises(Problems) as caught:
        read(tmp_path, TICKETS.replace(old, new), "small_tickets")
    assert sentence in str(caught.value)
