"""What a database or its driver says when something fails, as one of our sentences.

Drivers put addresses, users and values into their messages, so little of what they say is passed on.
"""

from __future__ import annotations

import re

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, StatementError

from etl.privacy import scrub
from etl.sentences import fault
from warehouse.problems import Failure

# The sentence for a failure, by the code of the SQL standard or PostgreSQL, the longer code first.
_BY_STATE = {
    "28": "query_refused_login",
    "3D000": "query_no_database",
    "42P01": "query_no_table",
    "3F000": "query_no_table",
    "42S02": "query_no_table",
    "42703": "query_no_column",
    "42501": "query_not_allowed",
    "25006": "query_writes",
    "57014": "query_slow",
    "57P": "query_broke_off",
    "08": "query_broke_off",
    "53300": "query_busy",
    "0A000": "query_writes",  # a with-part that changes data cannot be read in portions
    "42": "query_bad_sql",
    "22": "query_bad_value",
}
# The same by what drivers say that give no code.
_BY_WORDS = (
    (
        r"password authentication failed|no password supplied|access denied|role .* does not exist",
        "query_refused_login",
    ),
    (r"no pg_hba\.conf entry", "query_refused_login"),
    (r"database .* does not exist|unknown database", "query_no_database"),
    (r"no such table|table .* doesn't exist", "query_no_table"),
    (r"no such column|unknown column", "query_no_column"),
    (r"readonly database|read-only", "query_writes"),
    (r"interrupted|statement timeout|timed out|timeout expired", "query_slow"),
    (r"database is locked|too many (connections|clients)", "query_busy"),
    (r"file is not a database|malformed", "query_not_a_database"),
    (r"connection refused|could not connect|no such file or directory|actively refused", "query_no_answer"),
    (r"could not translate host|name or service not known|name resolution|failed to resolve", "query_no_host"),
    (r"no route to host|network is unreachable", "query_no_answer"),
    (r"server closed|terminat|connection .*(lost|closed|reset)|eof detected|consuming input failed", "query_broke_off"),
    (r"too large|too small|after year|before year|out of range", "query_bad_value"),
    (r"syntax error", "query_bad_sql"),
)
CODES = {*_BY_STATE.values(), *(code for _, code in _BY_WORDS), "query_failed"}
# Sentences that may end with what the server says: nothing of the address is in it.
_WITH_DETAIL = {"query_no_table", "query_no_column", "query_not_allowed", "query_bad_sql", "query_bad_value"}
_SHOWN_CHARACTERS = 160


def failure_of(name: str, url: URL, error: BaseException, is_connected: bool, seconds: float) -> Failure:
    """The failure of one pull. `seconds` is its time limit."""
    source = error.orig if isinstance(error, DBAPIError | StatementError) and error.orig else error
    words = str(source)
    code = _code(getattr(source, "sqlstate", None), words)
    if not is_connected and code in ("query_slow", "query_broke_off", "query_failed"):
        code = "query_no_answer"
    text = ""
    if code in _WITH_DETAIL and is_connected:
        text = _hidden(getattr(getattr(source, "diag", None), "message_primary", None) or words, url)
    kind = type(source).__name__
    return Failure(fault(code, name, text=text, seconds=seconds, kind=kind).problems)


def _code(state: str | None, words: str) -> str:
    for length in (5, 3, 2):
        if state and state[:length] in _BY_STATE:
            return _BY_STATE[state[:length]]
    return next((code for pattern, code in _BY_WORDS if re.search(pattern, words, re.IGNORECASE)), "query_failed")


def _hidden(text: str, url: URL) -> str:
    """The first line of a message without values of customers and without pieces of the address."""
    first = next(iter(text.splitlines()), "")
    secrets = [url.password, url.username, *(v for v in url.query.values() if isinstance(v, str))]
    for secret in sorted({str(s) for s in secrets if s}, key=len, reverse=True):
        first = first.replace(secret, "…")
    [safe] = scrub([first]).to_pylist()
    return "".join(c if c.isprintable() else "?" for c in str(safe))[:_SHOWN_CHARACTERS]
