"""The district of a warning about one ticket, kept with it: who is confined to a district sees those of his own."""

from __future__ import annotations

import sqlalchemy as sa

from alerts.signals import Source
from warehouse import ops

AT_ONCE = 5000
_OF_TICKETS = """
select ticket_id, region_code from fact_ticket
where ticket_id in (select unnest($tickets::varchar[])) and region_code is not null
"""


def locate(kept: sa.Engine, source: Source) -> int:
    """Give warnings of tickets that have no district yet that of their ticket; gives how many. Twice adds nothing.

    A ticket without a district stays so: only who sees the whole city sees its warning.
    """
    w = ops.warning.c
    with kept.connect() as con:
        query = sa.select(w.warning_id, w.scope_id).where(w.scope_kind == "ticket", w.region_code.is_(None))
        lacking = [(str(number), str(ticket)) for number, ticket in con.execute(query.order_by(w.warning_id))]
    n = 0
    for first in range(0, len(lacking), AT_ONCE):
        some = lacking[first : first + AT_ONCE]
        found = source.select(_OF_TICKETS, {"tickets": sorted({ticket for _, ticket in some})})
        of = {str(r.ticket_id): str(r.region_code) for r in found.itertuples()}
        rows = [{"number": number, "district": of[ticket]} for number, ticket in some if ticket in of]
        if rows:
            with ops.writing(kept) as con:
                placed = ops.warning.update().where(w.warning_id == sa.bindparam("number"))
                con.execute(placed.values(region_code=sa.bindparam("district")), rows)
        n += len(rows)
    return n
