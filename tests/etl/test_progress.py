from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from etl.progress import bytes_per_row, counted


def run(path: Path, n_batches: int, n_rows: int) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    batch = pa.record_batch({"x": list(range(n_rows))})
    kept = list(counted(iter([batch] * n_batches), path, lambda b, r: told.append((b, r))))
    assert len(kept) == n_batches
    return told


def test_bytes_are_guessed_from_rows_and_add_up_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("0123456789\n" * 1000)
    assert bytes_per_row(path) == 11
    told = run(path, 4, 200)
    assert told[:4] == [(2200, 200)] * 4
    assert sum(b for b, _ in told) == 11_000 and sum(r for _, r in told) == 800


def test_a_wrong_guess_never_says_done(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("long line first " * 100 + "\n" + "x\n" * 1000)
    told = run(path, 5, 500)
    assert sum(b for b, _ in told[:-1]) <= 0.97 * path.stat().st_size
    assert sum(b for b, _ in told) == path.stat().st_size


def test_a_packed_file_is_told_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(b"PAR1\n\n\n" + bytes(100))
    assert run(path, 2, 10) == [(0, 10), (0, 10), (path.stat().st_size, 0)]
