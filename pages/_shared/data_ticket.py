"""One ticket with its matter: the tickets of its chain or case and their steps, as far as the viewer may see them."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse.listing import listed
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

MOST_TICKETS, MOST_STEPS = 50, 500
ID = re.compile(r"[\w-]{1,64}")
CUSTOMER = frozenset({"URGE", "FRS", "PROGRESS", "COMPENSATE", "FBK", "SAT"})
HANDOVER = frozenset({"DSP", "ACC", "TRANSFER", "REJECT", "ESCALATE", "INV", "PLN", "RES", "REOPEN"})


def matter(viewer: Viewer, ticket_id: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Tickets by time, and steps as the lanes of a case take them; None where there is no such ticket in the scope.

    Raises `NotAllowed` for a viewer without rows.
    """
    if not ID.fullmatch(ticket_id):
        return None
    source = data.reader()
    found = _matter(source, source.id, viewer, ticket_id)
    return None if found is None else (found[0].copy(), found[1].copy())


@st.cache_data(show_spinner=False, max_entries=100)
def _matter(_source: Reader, release: str, viewer: Viewer, ticket_id: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    def tickets_of(**only: object) -> pd.DataFrame:
        chosen = {column: [value] for column, value in only.items()}
        order = ("accepted_at", "ticket_id")
        return listed(_source, "fact_ticket", viewer, Filters(), order, 0, MOST_TICKETS, only=chosen)[0]

    own = tickets_of(ticket_id=ticket_id)
    if own.empty:
        return None
    parts = [own, tickets_of(case_id=own["case_id"].iloc[0])]
    chain = own["chain_id"].iloc[0]
    if chain is not None and not pd.isna(chain):
        parts.append(tickets_of(chain_id=chain))
    tickets = pd.concat(parts).drop_duplicates("ticket_id").sort_values(["accepted_at", "ticket_id"])
    tickets = tickets.head(MOST_TICKETS).reset_index(drop=True)
    events, _ = listed(
        _source,
        "fact_ticket_event",
        viewer,
        Filters(),
        ("event_at", "ticket_id", "event_no"),
        0,
        MOST_STEPS,
        only={"ticket_id": list(tickets["ticket_id"]), "event": sorted(CUSTOMER | HANDOVER)},
    )
    outside = data.table("dim_channel", viewer).set_index("channel_code")["is_external"]
    return tickets, _steps(tickets, events, outside)


def _steps(tickets: pd.DataFrame, events: pd.DataFrame, outside: pd.Series) -> pd.DataFrame:
    """Filings and events in the columns of mart_case_step."""
    is_outside = tickets["channel_code"].map(outside).fillna(False).astype(bool)
    filed = pd.DataFrame(
        {
            "step_at": tickets["accepted_at"],
            "lane": "customer",
            "code": ["FILED_OUT" if out else "FILED" for out in is_outside],
            "dept": None,
            "channel_code": tickets["channel_code"],
            "what": None,
            "is_substantive": True,
        }
    )
    done = pd.DataFrame(
        {
            "step_at": events["event_at"],
            "lane": ["customer" if code in CUSTOMER else "handover" for code in events["event"]],
            "code": events["event"],
            "dept": events["to_dept"],
            "channel_code": None,
            "what": None,
            "is_substantive": events["is_substantive"].astype(bool),
        }
    ).drop_duplicates(["step_at", "lane", "code"])
    return pd.concat([filed, done] if len(done) else [filed], ignore_index=True).sort_values("step_at")
