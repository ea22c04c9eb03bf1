"""People of the local sign-in for tests: a cookie without the second that hashing a password takes."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from warehouse import accounts, ops
from warehouse.access import Person
from warehouse.viewer import Role, Viewer


def signed_in(store: sa.Engine, name: str, role: Role, at: datetime, regions: Collection[str] | None = None) -> str:
    """The token of somebody who is through with the first password; it holds for ten hours from `at` (UTC)."""
    limits = frozenset(regions) if regions is not None else None
    told = None if limits is None else json.dumps(sorted(limits))
    state = {
        "password_hash": "-", "must_change": False, "is_active": True, "n_failures": 0, "regions_json": told,
    }  # fmt: skip
    with ops.writing(store) as con:
        if con.execute(sa.select(ops.account.c.name).where(ops.account.c.name == name)).first() is None:
            con.execute(ops.account.insert().values(name=name, role=role, made_at=at, changed_at=at, **state))
    token = f"token-{name}-{at:%Y%m%d%H%M%S}"
    person = Person(name, Viewer.of(role, limits))
    assert accounts.begin(store, accounts.key_of(token), person, "local", at, at + timedelta(hours=10))
    return token
