"""Where the secret may lie, and what a rotation keeps: every customer one, nothing lost, nothing of the old key."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from etl.keyring import rotate
from etl.privacy import CustomerKey
from tests.etl.small import SmallHome, csv_text, phone


def keys(small: SmallHome) -> dict[str, str]:
    return {r["ticket_id"]: r["cust_key"] for r in small.rows("ticket")}


def secret_of(path: Path) -> CustomerKey:
    return CustomerKey(path.read_bytes())


def test_a_rotation_gives_every_customer_a_new_key_and_loses_no_row(small: SmallHome, tmp_path: Path) -> None:
    small.put("工单1.csv", csv_text([1, 2, 3]))
    small.put("工单2.csv", csv_text([4], 号码=phone(1)))
    small.load()
    before, old = keys(small), secret_of(small.home.secret_file)
    numbers, mapping = tmp_path / "numbers.txt", tmp_path / "mapping.csv"
    numbers.write_text(f"\ufeff{phone(1)}\n+86 {phone(2)}\n\n{phone(1)}\n")
    code, report = small.run("secret", "rotate", "--numbers", str(numbers), "--mapping", str(mapping))
    new = secret_of(small.home.secret_file)
    assert code == 0
    assert (report["old"], report["new"], report["n_files"]) == (old.fingerprint, new.fingerprint, 2)
    assert small.home.secret_file.stat().st_mode & 0o777 == mapping.stat().st_mode & 0o777 == 0o600
    assert small.load()[0] == 0
    after = keys(small)
    assert after.keys() == before.keys()
    assert after["T00004"] == after["T00001"] == new.key(phone(1))
    assert set(after.values()) & set(before.values()) == set()
    header, *pairs = mapping.read_text().splitlines()
    assert header == "old_key,new_key"
    assert dict(p.split(",") for p in pairs) == {before[t]: after[t] for t in ("T00001", "T00002")}


def test_the_old_lake_and_secret_are_kept_together_until_somebody_deletes_them(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text([1]))
    small.load()
    old = secret_of(small.home.secret_file)
    assert small.run("secret", "rotate")[0] == 0
    kept = small.root / f"lake.{old.fingerprint}"
    assert (kept / "customer_key.txt").read_text().strip() == old.fingerprint
    assert secret_of(small.root / f"secret.key.{old.fingerprint}").fingerprint == old.fingerprint
    assert (small.root / f"secret.key.{old.fingerprint}").stat().st_mode & 0o777 == 0o600
    assert not (small.root / "secret.key.new").exists()


def test_a_file_that_is_gone_stops_a_rotation_before_it_begins(small: SmallHome) -> None:
    path = small.put("工单1.csv", csv_text([1]))
    small.load()
    path.unlink()
    secret = small.home.secret_file.read_bytes()
    code, report = small.run("secret", "rotate")
    assert code == 2
    assert (report["problems"][0]["where"], report["problems"][0]["what"]) == (
        "工单1.csv",
        "is loaded, but no longer in the inbox, and the lake is made anew from the inbox",
    )
    assert small.home.secret_file.read_bytes() == secret and len(keys(small)) == 1


def test_a_withdrawn_file_stays_withdrawn(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text([1]))
    small.put("工单2.csv", csv_text([2]))
    small.load()
    assert small.run("withdraw", "工单2.csv")[0] == 0
    assert small.run("secret", "rotate")[0] == 0
    assert small.load()[0] == 0
    assert set(keys(small)) == {"T00001"}
    assert small.outcomes()["工单2.csv"].state == "withdrawn"


@pytest.mark.parametrize("step", ["link", "rename lake", "replace secret.key.new", "rename lake.new"])
def test_a_kill_never_lets_a_secret_meet_keys_of_another(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    small.put("工单1.csv", csv_text([1]))
    small.put("工单2.csv", csv_text([2]))
    small.load()
    small.run("withdraw", "工单2.csv")
    verb, _, name = step.partition(" ")
    real = os.link if verb == "link" else getattr(Path, verb)

    def killed(path: Path, *rest: object, **options: object) -> object:
        if verb == "link" or path.name == name:
            raise KeyboardInterrupt
        return real(path, *rest, **options)

    with monkeypatch.context() as during, pytest.raises(KeyboardInterrupt):
        during.setattr("os.link" if verb == "link" else f"pathlib.Path.{verb}", killed)
        rotate(small.home)
    assert small.load()[0] == 0
    assert keys(small) == {"T00001": secret_of(small.home.secret_file).key(phone(1))}
    assert small.home.key_fingerprint_file.read_text().strip() == secret_of(small.home.secret_file).fingerprint
    assert small.run("secret", "rotate")[0] == 0
    assert small.load()[0] == 0
    assert keys(small) == {"T00001": secret_of(small.home.secret_file).key(phone(1))}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--numbers", "{home}/n.txt"], "--numbers and --mapping belong together"),
        (["--numbers", "{home}/n.txt", "--mapping", "{home}/m.csv"], "lies in LOOKOUT_HOME"),
        (["--numbers", "{home}/n.txt", "--mapping", "{home}/../there.csv"], "is there already"),
        (["--numbers", "{home}/bad.txt", "--mapping", "{home}/../m.csv"], "is not UTF-8 text"),
    ],
)
def test_a_mapping_is_written_once_and_elsewhere(small: SmallHome, arguments: list[str], said: str) -> None:
    small.load()
    secret = small.home.secret_file.read_bytes()
    (small.root / "n.txt").write_text(phone(1))
    (small.root / "bad.txt").write_bytes("号码".encode("gb18030"))
    (small.root.parent / "there.csv").write_text("mine")
    code, report = small.run("secret", "rotate", *(a.format(home=small.root) for a in arguments))
    assert code == 2 and said in report["problems"][0]["what"]
    assert small.home.secret_file.read_bytes() == secret
    assert (small.root.parent / "there.csv").read_text() == "mine"


def test_a_secret_that_git_would_take_is_refused(small: SmallHome) -> None:
    subprocess.run(["git", "init", "-q", str(small.root.parent)], check=True)
    code, report = small.run("load")
    assert code == 2
    assert report["problems"][0]["what"] == f"the secret would be committed with the work tree {small.root.parent}"
    assert not small.home.secret_file.exists()
    (small.root.parent / ".gitignore").write_text("/home/\n")
    assert small.run("load")[0] == 0


@pytest.mark.parametrize("folder", ["lake", "releases", "inbox", "exports"])
def test_a_secret_among_the_data_is_refused(small: SmallHome, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setenv("LOOKOUT_SECRET_FILE", str(small.root / folder / "key"))
    code, report = small.run("load")
    assert code == 2
    assert report["problems"][0]["what"] == f"the secret lies in {folder}/, among the data that it protects"
    assert not (small.root / folder / "key").exists()


def test_the_default_home_of_this_repository_is_left_out_of_git() -> None:
    root = Path(__file__).parent.parent.parent
    asked = subprocess.run(["git", "-C", str(root), "check-ignore", "-q", str(root / "var" / "secret.key")])
    assert asked.returncode == 0
