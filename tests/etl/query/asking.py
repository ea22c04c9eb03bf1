"""A workspace with one query, and the contract of it. The tests bring the database."""

from __future__ import annotations

from typing import Any

from tests.etl.small import HEAD, WORKSPACE, SmallHome

CONTRACT = (
    HEAD.format(name="crm", table="ticket")
    + """
[query]
url_env = "LOOKOUT_TEST_URL"
sql_file = "crm.sql"
SETTINGS

[columns]
ticket_id = { from = "id" }
accepted_at = { from = "accepted_at" }
cust_key = { from = "caller", as = "msisdn" }
summary_scrubbed = { from = "content", as = "scrub" }
exported_at = { from = "changed_at" }
"""
)
SINCE = 'since_column = "changed_at"\noverlap_hours = 24'
SQL = """-- New and changed tickets; the bound is a parameter, never text.
select id, accepted_at, caller, content, changed_at
from ticket
where changed_at >= :since and changed_at <= :until
order by changed_at, id;
"""


def ask(small: SmallHome, sql: str = SQL, settings: str = SINCE) -> None:
    """Set up the workspace with the query `crm` only."""
    sources = 'sources = ["small_tickets", "small_surveys", "small_days"]'
    small.home.workspace_file.write_text(WORKSPACE.replace(sources, 'sources = ["crm"]'), encoding="utf-8")
    small.contract("crm", CONTRACT.replace("SETTINGS", settings))
    (small.home.contracts / "crm.sql").write_text(sql, encoding="utf-8")


def sentence(small: SmallHome, code: int = 1) -> str:
    """What a pull that fails says, all of it one sentence."""
    came, report = small.run("pull")
    assert came == code, report
    [problem] = report["problems"]
    assert list(small.home.inbox.iterdir()) == []
    assert [p.name for p in (small.root / "pulls").glob(".*")] == []
    return f"{problem['where']}: {problem['what']}; {problem['cure']}."


def pulled(small: SmallHome, *arguments: str) -> dict[str, Any]:
    """The one query's entry of a pull that succeeds."""
    code, report = small.run("pull", *arguments)
    assert code == 0, report
    [entry] = report["queries"]
    return dict(entry)
