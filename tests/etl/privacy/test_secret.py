"""The secret file is made once, private, and refused when others may know it."""

from __future__ import annotations

import os
import threading

import pytest

from etl.privacy import SecretError, load_secret


def test_a_missing_secret_is_created_private_and_stays_the_same(tmp_path):
    place = tmp_path / "keys" / "customer.key"
    first = load_secret(place)
    assert len(first) == 32 and place.stat().st_mode & 0o777 == 0o600
    assert load_secret(place) == first
    assert [p.name for p in place.parent.iterdir()] == ["customer.key"]


def test_two_workspaces_have_different_secrets(tmp_path):
    assert load_secret(tmp_path / "a") != load_secret(tmp_path / "b")


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o602])
def test_a_secret_that_others_can_read_or_change_is_refused(tmp_path, mode):
    place = tmp_path / "customer.key"
    load_secret(place)
    place.chmod(mode)
    with pytest.raises(SecretError) as error:
        load_secret(place)
    assert str(error.value) == (
        f"{place}: mode {mode:03o} lets others read or change the customer key secret; "
        f'run "chmod 600 {place}", and replace the secret if others may have read it'
    )


def test_a_truncated_secret_is_refused(tmp_path):
    place = tmp_path / "customer.key"
    place.write_bytes(b"half")
    place.chmod(0o600)
    with pytest.raises(SecretError, match="expected at least 32 bytes, got 4; restore the file"):
        load_secret(place)


def test_a_folder_is_no_secret(tmp_path):
    with pytest.raises(SecretError, match="expected a file"):
        load_secret(tmp_path)


def test_racing_creators_agree(tmp_path):
    place, found = tmp_path / "customer.key", []
    threads = [threading.Thread(target=lambda: found.append(load_secret(place))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_a_narrow_umask_is_not_needed(tmp_path):
    before = os.umask(0)
    try:
        load_secret(tmp_path / "customer.key")
    finally:
        os.umask(before)
    assert (tmp_path / "customer.key").stat().st_mode & 0o777 == 0o600
