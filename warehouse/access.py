"""How people sign in to a workspace, and what a provider's claims mean here. Secrets stand elsewhere."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from warehouse.problems import problem
from warehouse.viewer import ROLES, Role, Viewer

SignIn = Literal["none", "local", "oidc"]
ANY = "*"
# What the program and the trail call those who have no name: nobody else may be called so.
TAKEN = frozenset({*ROLES, "engine", "stranger", "unreadable"})
LOOPBACK = frozenset({"localhost", "ip6-localhost"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Claims(_Strict):
    """Which claims of the provider's token say who somebody is, and what their values mean.

    `roles` leads from a value of the claim (often a group) to a role; the first one listed that fits holds. A token
    without a value listed here opens nothing. A missing claim of regions or departments is no access, unless the
    settings name no claim at all; the value `*` is no limit.
    """

    name: str = "email"
    role: str = "roles"
    roles: dict[str, Role] = {}
    regions: str | None = None
    departments: str | None = None


class AccessSettings(_Strict):
    """Sign-in of a workspace. `LOOKOUT_SIGN_IN` in the environment wins over `sign_in`.

    `export_approvers` decide about files with rows of customers; `export_rows` is how many rows of them one file of a
    role may hold, for roles that are to differ from `exports.MOST_ROWS`.
    """

    sign_in: SignIn = "none"
    session_hours: float = Field(default=10, gt=0, le=24)
    idle_minutes: float = Field(default=60, gt=0, le=600)
    max_failures: int = Field(default=5, ge=1, le=20)
    lockout_minutes: float = Field(default=15, gt=0, le=1440)
    behind_https: bool = True
    provider: str = "default"
    export_approvers: list[Role] = ["supervisor", "manager"]
    export_rows: dict[Role, int] = {}
    claims: Claims = Claims()

    def how(self) -> SignIn:
        """The mode in force. Raises `Problems` when the environment names another one."""
        wished = os.environ.get("LOOKOUT_SIGN_IN", "").strip() or self.sign_in
        if wished not in ("none", "local", "oidc"):
            raise problem("LOOKOUT_SIGN_IN", f"{wished!r} is no way to sign in", "write none, local or oidc")
        return cast(SignIn, wished)


@dataclass(frozen=True)
class Person:
    """Somebody who signed in: the name that deeds are written under, and what the query layer lets through."""

    name: str
    viewer: Viewer


def is_loopback(address: str | None) -> bool:
    """Whether only this machine reaches an address. None means every address of the machine.

    A name that only looks like a number, as `127.0.0.1.example.org`, may lead anywhere.
    """
    if address is None:
        return False
    bare = address.strip().strip("[]").lower()
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare in LOOPBACK


def refusal(sign_in: SignIn, address: str | None) -> str | None:
    """Why nothing may be served at this address, or None."""
    if sign_in != "none" or is_loopback(address):
        return None
    return (
        f"Lookout does not serve {address or 'every address of this machine'} without sign-in: anybody who reaches it "
        'could choose a role and read complaints. Set sign_in = "local" or "oidc" under [access] of workspace.toml '
        "(or LOOKOUT_SIGN_IN), or bind to 127.0.0.1."
    )


def person_of(claims: Mapping[str, Any], settings: Claims) -> Person | None:
    """Who a provider's claims say somebody is; None when they open nothing here."""
    name = str(claims.get(settings.name) or claims.get("sub") or "").strip()[:120]
    have = _values(claims.get(settings.role))
    role = next((role for value, role in settings.roles.items() if value in have), None)
    if not name or name.casefold() in TAKEN or role is None or role not in ROLES:
        return None
    return Person(name, Viewer.of(role, _limit(claims, settings.regions), _limit(claims, settings.departments)))


def _limit(claims: Mapping[str, Any], claim: str | None) -> frozenset[str] | None:
    if claim is None:
        return None
    found = _values(claims.get(claim))
    return None if ANY in found else frozenset(found)


def _values(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in value.replace(",", " ").split() if part]
    return [str(part) for part in value] if isinstance(value, list | tuple) else [str(value)]
