"""Accounts of the local sign-in, and sessions of every sign-in. Times are UTC and passed in.

Passwords are kept as argon2id hashes, tokens of cookies as SHA-256. What somebody may see is the viewer's business.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import argon2
import sqlalchemy as sa

from warehouse import ops
from warehouse.access import TAKEN, AccessSettings, Person
from warehouse.problems import problem
from warehouse.viewer import ROLES, Role, Viewer

LEAST, MOST = 12, 200
WRONG = "wrong password"
_HASHER = argon2.PasswordHasher()
# A hash takes 64 MiB: strangers who try passwords must not fill the memory.
_TWO_AT_A_TIME = threading.BoundedSemaphore(2)
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$" + "A" * 22 + "$" + "A" * 43
_SEEN_EVERY = timedelta(minutes=1)


class Refused(Exception):
    """A sign-in that failed. Says nothing about which part was wrong; `why` is for the audit trail only."""

    def __init__(self, why: str) -> None:
        super().__init__("refused")
        self.why = why


@dataclass(frozen=True)
class Session:
    """A session that holds at the instant it was asked for."""

    key: str
    person: Person
    how: str
    must_change: bool
    ends_at: datetime


def add(
    store: sa.Engine,
    name: str,
    role: str,
    password: str,
    at: datetime,
    regions: Collection[str] | None = None,
    departments: Collection[str] | None = None,
) -> None:
    """A new account, whose first password must be changed. Raises `Problems`."""
    name = _name(name)
    _check_role(name, role)
    _check_password(name, password)
    row = {
        "name": name,
        "password_hash": _hashed(password),
        "role": role,
        "regions_json": _listed(regions),
        "departments_json": _listed(departments),
        "must_change": True,
        "is_active": True,
        "n_failures": 0,
        "made_at": at,
        "changed_at": at,
    }
    with ops.writing(store) as con:
        if con.execute(sa.select(ops.account.c.name).where(ops.account.c.name == name)).scalar() is not None:
            raise problem(f"account {name}", "is there already", "choose another name, or reset its password")
        con.execute(ops.account.insert().values(**row))


def change(
    store: sa.Engine,
    name: str,
    role: str,
    at: datetime,
    regions: Collection[str] | None = None,
    departments: Collection[str] | None = None,
) -> None:
    """Another role and scope, at once, for open pages too; the password stays. Raises `Problems`."""
    _check_role(name, role)
    _change(store, name, role=role, regions_json=_listed(regions), departments_json=_listed(departments), changed_at=at)


def reset(store: sa.Engine, name: str, password: str, at: datetime) -> None:
    """A new first password; locks and sessions of before end. Raises `Problems`."""
    _check_password(name, password)
    _change(store, name, password_hash=_hashed(password), must_change=True, n_failures=0, locked_until=None,
            changed_at=at)  # fmt: skip
    end_all(store, name, at)


def close(store: sa.Engine, name: str, at: datetime) -> None:
    """The account opens nothing any more, at once. Its name stays, as deeds stand under it. Raises `Problems`."""
    _change(store, name, is_active=False, changed_at=at)
    end_all(store, name, at)


def _check_role(name: str, role: str) -> None:
    if role not in ROLES:
        raise problem(f"account {name}", f"{role!r} is not a role", f"choose one of {', '.join(ROLES)}")


def listed(store: sa.Engine) -> list[dict[str, Any]]:
    """Every account, without hashes."""
    shown = [c for c in ops.account.c if c.name != "password_hash"]
    with store.connect() as con:
        return [dict(r) for r in con.execute(sa.select(*shown).order_by(ops.account.c.name)).mappings()]


def sign_in(store: sa.Engine, name: str, password: str, at: datetime, settings: AccessSettings) -> tuple[str, Session]:
    """The token for the cookie, and the session. Raises `Refused`, in the same time whatever was wrong."""
    name = unicodedata.normalize("NFKC", name).strip()[:60]
    row = _claim_try(store, name, at, settings)
    fits = _fits(row["password_hash"] if row else _NOBODY, password)
    if row is None:
        raise Refused("no such account")
    if not row["is_active"]:
        raise Refused("the account is closed")
    if row["locked_until"] is not None and row["locked_until"] > at:
        raise Refused("the account is locked")
    if not fits:
        raise Refused(WRONG)
    with ops.writing(store) as con:
        con.execute(ops.account.update().where(ops.account.c.name == name).values(n_failures=0, locked_until=None))
    token = secrets.token_urlsafe(32)
    begin(store, key_of(token), _person(dict(row)), "local", at, at + timedelta(hours=settings.session_hours))
    found = session(store, key_of(token), at, settings)
    assert found is not None
    return token, found


def _claim_try(store: sa.Engine, name: str, at: datetime, settings: AccessSettings) -> dict[str, Any] | None:
    """Count the try before the password is looked at, so that many at once cannot have more tries than one by one."""
    with ops.writing(store) as con:
        found = con.execute(sa.select(ops.account).where(ops.account.c.name == name)).mappings().first()
        if found is None:
            return None
        row = dict(found)
        if row["locked_until"] is not None and row["locked_until"] > at:
            return row
        n = row["n_failures"] + 1
        values: dict[str, Any] = {"n_failures": n}
        if n >= settings.max_failures:
            values = {"n_failures": 0, "locked_until": at + timedelta(minutes=settings.lockout_minutes)}
        con.execute(ops.account.update().where(ops.account.c.name == name).values(**values))
        return {**row, "locked_until": None}


def change_password(store: sa.Engine, name: str, old: str, new: str, at: datetime, settings: AccessSettings) -> None:
    """A password of one's own; other sessions end. Raises `Refused` for a wrong old one, `Problems` for a poor new."""
    row = _claim_try(store, name, at, settings)
    if row is None or not _fits(row["password_hash"], old) or not row["is_active"] or row["locked_until"]:
        raise Refused(WRONG)
    _check_password(name, new)
    if unicodedata.normalize("NFKC", new) == unicodedata.normalize("NFKC", old):
        raise problem("password", "is the old one", "choose another one")
    _change(store, name, password_hash=_hashed(new), must_change=False, n_failures=0, locked_until=None, changed_at=at)
    end_all(store, name, at)


# --- sessions ---------------------------------------------------------------------------------------------------


def key_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(store: sa.Engine, key: str, person: Person, how: str, at: datetime, ends_at: datetime) -> bool:
    """Keep a session; False when it was known already, ended or not: an ended one never begins again."""
    viewer = person.viewer
    row = {
        "session_key": key,
        "name": person.name,
        "how": how,
        "role": viewer.role,
        "regions_json": _listed(viewer.regions),
        "departments_json": _listed(viewer.departments),
        "began_at": at,
        "seen_at": at,
        "ends_at": ends_at,
    }
    s = ops.login_session
    with ops.writing(store) as con:
        if con.execute(sa.select(s.c.name).where(s.c.session_key == key)).scalar() is not None:
            return False
        con.execute(s.insert().values(**row))
        return True


def session(store: sa.Engine, key: str, at: datetime, settings: AccessSettings, touch: bool = True) -> Session | None:
    """The session of a key, if it holds now: not ended, not too old, not idle, its account open. `touch`: it is used.

    Role and limits of a local account are those it has now, not those it had when it signed in.
    """
    s, a = ops.login_session, ops.account
    idle = timedelta(minutes=settings.idle_minutes)
    with store.connect() as con:
        row = con.execute(sa.select(s).where(s.c.session_key == key)).mappings().first()
        if row is None or row["ended_at"] is not None or at >= row["ends_at"] or at - row["seen_at"] > idle:
            return None
        known: dict[str, Any] = dict(row)
        if row["how"] == "local":
            held = con.execute(sa.select(a).where(a.c.name == row["name"])).mappings().first()
            if held is None or not held["is_active"]:
                return None
            known = dict(held)
    if touch and at - row["seen_at"] >= _SEEN_EVERY:
        with ops.writing(store) as con:
            con.execute(s.update().where(s.c.session_key == key, s.c.ended_at.is_(None)).values(seen_at=at))
    return Session(key, _person(known), row["how"], bool(known.get("must_change", False)), row["ends_at"])


def end_all(store: sa.Engine, name: str, at: datetime) -> int:
    """End every session of a person, on every device; gives how many there were."""
    s = ops.login_session
    with ops.writing(store) as con:
        done = con.execute(s.update().where(s.c.name == name, s.c.ended_at.is_(None)).values(ended_at=at))
        return done.rowcount


# --- inside -----------------------------------------------------------------------------------------------------


def _person(row: dict[str, Any]) -> Person:
    limits = [None if row[c] is None else frozenset(json.loads(row[c])) for c in ("regions_json", "departments_json")]
    return Person(row["name"], Viewer.of(cast(Role, row["role"]), *limits))


def _listed(values: Collection[str] | None) -> str | None:
    return None if values is None else json.dumps(sorted(values), ensure_ascii=False)


def _name(name: str) -> str:
    name = unicodedata.normalize("NFKC", name).strip()
    if not 2 <= len(name) <= 60 or not all(c.isalnum() or c in "._-@" for c in name):
        raise problem("account", f"{name[:60]!r} is no name", "write 2 to 60 letters, digits, points, dashes")
    if name.casefold() in TAKEN:
        raise problem("account", f"{name!r} is what the program calls others", "choose the name of a person")
    return name


def _check_password(name: str, password: str) -> None:
    if not LEAST <= len(password) <= MOST:
        raise problem("password", f"has {len(password)} characters", f"write {LEAST} to {MOST}; a sentence is fine")
    if len(set(password)) < 5 or name.lower() in password.lower():
        raise problem("password", "is easily guessed", "use more different characters, and not the name")


def _hashed(password: str) -> str:
    with _TWO_AT_A_TIME:
        return _HASHER.hash(unicodedata.normalize("NFKC", password))


def _fits(hashed: str, password: str) -> bool:
    with _TWO_AT_A_TIME:
        try:
            return _HASHER.verify(hashed, unicodedata.normalize("NFKC", password[: MOST + 1]))
        except argon2.exceptions.VerificationError:
            return False


def _change(store: sa.Engine, name: str, **values: Any) -> None:
    with ops.writing(store) as con:
        if con.execute(ops.account.update().where(ops.account.c.name == name).values(**values)).rowcount == 0:
            raise problem(f"account {name}", "is not there", "see `python -m warehouse account list`")
