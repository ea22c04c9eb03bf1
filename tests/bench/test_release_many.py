"""A release with every complaint several times tells what it told, several times."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from bench import release_many
from tests.warehouse.conftest import new_home, ticket

pytestmark = pytest.mark.deep  # two releases

N_COPIES = 12  # so that one copy's number begins like another's


def test_every_complaint_is_there_several_times_under_numbers_of_its_own(tmp_path: Path) -> None:
    little = new_home(tmp_path / "home")
    little.tables = frozenset({"mart_ticket", "mart_ticket_day"})
    begun = datetime(2025, 3, 3, 8)
    little.load("ticket", [ticket(n, begun + timedelta(days=n), cust_key="same") for n in range(3)])
    little.build()
    count = "select count(*), count(distinct ticket_id), count(distinct cust_key) from mart_ticket"
    told = "select sum(n), sum(who_0 + who_1 + who_2 + who_3 + who_4 + who_5 + who_6 + who_7) from mart_ticket_day"
    eighths = ", ".join(f"who_{n}" for n in range(8))
    in_one_eighth = f"select count(*) from mart_ticket_day where n = greatest({eighths})"
    releases = little.releases
    before = releases.current()
    n = little.rows("select count(*) as n from mart_ticket")[0]["n"]
    assert n > 1
    release_many.main(little.home.root, N_COPIES)
    assert releases.current() != before
    with duckdb.connect(str(releases.path(str(releases.current()))), read_only=True) as con:
        assert con.execute(count).fetchone() == (n * N_COPIES, n * N_COPIES, N_COPIES)
        assert con.execute(told).fetchone() == (n * N_COPIES, n * N_COPIES)
        assert con.execute(in_one_eighth).fetchone() == (0,)  # copies have customers of their own
        named = con.execute("select n_rows from release_table where table_name = 'mart_ticket'").fetchone()
        assert named == (n * N_COPIES,)
        first = con.execute("select count(*) from mart_ticket where ticket_id not like '%+%'").fetchone()
        assert first == (n,)
