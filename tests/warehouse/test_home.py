from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.home import Home, write_atomically


def test_the_environment_names_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path / "x" / ".." / "y"))
    assert Home.from_environment().root == tmp_path / "y"
    monkeypatch.delenv("LOOKOUT_HOME")
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment().root == tmp_path / "var"


def test_asking_touches_nothing_and_everything_is_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOKOUT_SECRET_FILE", raising=False)
    home = Home(tmp_path / "home")
    names = [n for n, v in vars(Home).items() if isinstance(v, property)]
    assert len(names) > 8
    assert all(getattr(home, name).is_relative_to(home.root) for name in names)
    assert not home.root.exists()


def test_only_the_owner_enters_inbox_and_scratch(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.inbox.mkdir(parents=True, mode=0o755)
    home.prepare()
    home.prepare()
    assert [p.stat().st_mode & 0o777 for p in (home.inbox, home.scratch)] == [0o700, 0o700]
    assert all(p.is_dir() for p in (home.lake, home.releases, home.exports, home.logs))


def test_the_secret_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKOUT_SECRET_FILE", str(tmp_path / "vault" / "key"))
    assert Home(tmp_path / "home").secret_file == tmp_path / "vault" / "key"


def test_a_small_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "CURRENT"
    write_atomically(path, "one\n")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("killed here")))
        with pytest.raises(OSError, match="killed here"):
            write_atomically(path, "two\n")
    assert path.read_text() == "one\n"
    write_atomically(path, "three\n")
    assert path.read_text() == "three\n"
    assert list(tmp_path.iterdir()) == [path]
