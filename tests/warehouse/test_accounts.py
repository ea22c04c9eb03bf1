"""The local sign-in: lock-out, first passwords, sessions that end, and nothing readable in the store."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from warehouse import accounts, ops
from warehouse.access import AccessSettings, Claims, Person, is_loopback, person_of, refusal
from warehouse.accounts import Refused
from warehouse.problems import Problems
from warehouse.viewer import Viewer

AT = datetime(2025, 3, 31, 8)
FIRST, NEXT = "three green lamps", "a quieter long sentence"
RULES = AccessSettings(sign_in="local", max_failures=3, lockout_minutes=10, session_hours=8, idle_minutes=30)


@pytest.fixture
def store(tmp_path):
    engine = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    accounts.add(engine, "lin.mo", "planner", FIRST, AT, regions=["GL"])
    yield engine
    engine.dispose()


def test_who_signs_in_gets_the_account_s_scope_and_must_change_the_first_password(store):
    token, found = accounts.sign_in(store, "lin.mo", FIRST, AT, RULES)
    assert found.person == Person("lin.mo", Viewer.of("planner", frozenset({"GL"})))
    assert found.must_change
    accounts.change_password(store, "lin.mo", FIRST, NEXT, AT, RULES)
    assert accounts.session(store, accounts.key_of(token), AT, RULES) is None, "other sessions end"
    _, again = accounts.sign_in(store, "lin.mo", NEXT, AT, RULES)
    assert not again.must_change


def test_neither_password_nor_token_is_in_the_store(store, tmp_path):
    token, _ = accounts.sign_in(store, "lin.mo", FIRST, AT, RULES)
    store.dispose()
    kept = b"".join(p.read_bytes() for p in tmp_path.glob("ops.db*"))
    assert FIRST.encode() not in kept and token.encode() not in kept
    assert b"$argon2id$" in kept


def test_failures_lock_the_account_also_for_the_right_password(store):
    for _ in range(3):
        with pytest.raises(Refused):
            accounts.sign_in(store, "lin.mo", "wrong wrong wrong", AT, RULES)
    with pytest.raises(Refused) as told:
        accounts.sign_in(store, "lin.mo", FIRST, AT + timedelta(minutes=9), RULES)
    assert told.value.why == "the account is locked" and str(told.value) == "refused"
    assert accounts.sign_in(store, "lin.mo", FIRST, AT + timedelta(minutes=11), RULES)


def test_many_tries_at_once_are_no_more_tries(store):
    tried = []

    def one():
        try:
            accounts.sign_in(store, "lin.mo", "wrong wrong wrong", AT, RULES)
        except Refused as error:
            tried.append(error.why)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert tried.count("wrong password") == 3
    assert tried.count("the account is locked") == 5


def test_an_unknown_name_is_refused_in_the_same_words(store):
    with pytest.raises(Refused, match="^refused$"):
        accounts.sign_in(store, "nobody", FIRST, AT, RULES)


def test_sessions_end_by_age_idleness_sign_out_and_closing(store):
    token, _ = accounts.sign_in(store, "lin.mo", FIRST, AT, RULES)
    key = accounts.key_of(token)
    assert accounts.session(store, key, AT + timedelta(minutes=29), RULES)
    assert accounts.session(store, key, AT + timedelta(minutes=58), RULES), "use keeps it"
    assert accounts.session(store, key, AT + timedelta(minutes=89), RULES) is None, "idle"
    token, _ = accounts.sign_in(store, "lin.mo", FIRST, AT, AccessSettings(session_hours=1, idle_minutes=600))
    late = AccessSettings(idle_minutes=600)
    assert accounts.session(store, accounts.key_of(token), AT + timedelta(hours=1), late) is None, "old"
    token, other = (accounts.sign_in(store, "lin.mo", FIRST, AT, RULES)[0] for _ in range(2))
    accounts.end_all(store, "lin.mo", AT)
    assert accounts.session(store, accounts.key_of(token), AT, RULES) is None
    assert accounts.session(store, accounts.key_of(other), AT, RULES) is None, "on every device"
    token, _ = accounts.sign_in(store, "lin.mo", FIRST, AT, RULES)
    accounts.close(store, "lin.mo", AT)
    assert accounts.session(store, accounts.key_of(token), AT, RULES) is None


def test_an_ended_session_of_a_provider_never_begins_again(store):
    person = Person("a@b.example", Viewer.of("analyst"))
    assert accounts.begin(store, "k" * 64, person, "oidc", AT, AT + timedelta(hours=1))
    accounts.end_all(store, "a@b.example", AT)
    assert not accounts.begin(store, "k" * 64, person, "oidc", AT, AT + timedelta(hours=1))
    assert accounts.session(store, "k" * 64, AT, RULES) is None


def test_a_role_taken_away_is_gone_at_once(store):
    token, _ = accounts.sign_in(store, "lin.mo", FIRST, AT, RULES)
    with ops.writing(store) as con:
        con.execute(ops.account.update().values(role="auditor", regions_json="[]"))
    found = accounts.session(store, accounts.key_of(token), AT, RULES)
    assert found and found.person.viewer == Viewer.of("auditor", frozenset())
    accounts.change(store, "lin.mo", "handler", AT, departments=["NET"])
    found = accounts.session(store, accounts.key_of(token), AT, RULES)
    assert found and found.person.viewer == Viewer.of("handler", None, frozenset({"NET"}))
    for name, role in (("lin.mo", "king"), ("nobody", "handler")):
        with pytest.raises(Problems):
            accounts.change(store, name, role, AT)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "lin.mo lin.mo lin.mo", "x" * 300])
def test_poor_passwords_are_refused(store, password):
    with pytest.raises(Problems):
        accounts.reset(store, "lin.mo", password, AT)


@pytest.mark.parametrize("name", ["manager", "a b", "", "<script>", "engine", "Stranger"])
def test_names_that_would_be_taken_for_something_else_are_refused(store, name):
    with pytest.raises(Problems):
        accounts.add(store, name, "analyst", FIRST, AT)


# --- binding and claims -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "[::1]", "localhost", "127.3.2.1"])
def test_without_sign_in_loopback_is_served(address):
    assert is_loopback(address) and refusal("none", address) is None


@pytest.mark.parametrize(
    "address",
    [None, "0.0.0.0", "::", "10.0.0.4", "example.org", "", "127.0.0.1.example.org", "127.example", "unix:///tmp/x"],
)
def test_without_sign_in_nothing_else_is(address):
    told = refusal("none", address)
    assert told and "without sign-in" in told and "LOOKOUT_SIGN_IN" in told
    assert refusal("local", address) is None and refusal("oidc", address) is None


def test_claims_open_what_the_settings_say_and_nothing_else():
    settings = Claims(role="groups", roles={"audit": "auditor", "plan": "planner"}, regions="areas")
    person = person_of({"email": "x@y.example", "groups": ["plan", "other"], "areas": "GL HJ"}, settings)
    assert person == Person("x@y.example", Viewer.of("planner", frozenset({"GL", "HJ"})))
    assert person_of({"email": "x@y.example", "groups": ["manager"]}, settings) is None, "a role by its own name"
    assert person_of({"email": "Manager", "groups": ["plan"]}, settings) is None, "nobody is called as a role is"
    nothing = person_of({"sub": "7", "groups": "plan"}, settings)
    assert nothing == Person("7", Viewer.of("planner", frozenset())), "a missing claim is no access"
    everything = person_of({"sub": "7", "groups": "plan", "areas": "*"}, settings)
    assert everything == Person("7", Viewer.of("planner"))


def test_the_environment_names_the_mode_or_fails(monkeypatch):
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "local")
    assert AccessSettings().how() == "local"
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "off")
    with pytest.raises(Problems, match="no way to sign in"):
        AccessSettings().how()


def test_the_tables_stand_in_the_store(store):
    assert {"account", "login_session", "audit_event", "audit_seen"} <= set(sa.inspect(store).get_table_names())
