"""A disk that can be made slow: a file as an ext4 of its own, held back by the kernel for some processes.

Needs root, loop devices and control groups with `blkio` or `io`. Reads that are not in memory, and whatever waits for
the disk (`fsync`), are held back; other writes go to memory first, as on every Linux.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CONTROL = Path("/sys/fs/cgroup")
V1 = ("blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device")


class Refused(RuntimeError):
    """No such disk can be made here; the message says what was refused."""


class Disk:
    """`folder` lies on it. One at a time is held back."""

    def __init__(self, folder: Path, device: str) -> None:
        self.folder = folder
        self.number = (Path("/sys/block") / Path(device).name / "dev").read_text().strip()

    @contextmanager
    def slow(self, bytes_a_s: int, pids: Collection[int]) -> Iterator[list[str]]:
        """Hold some processes back, and what is started with the words given as a prefix."""
        is_v1 = (CONTROL / "blkio" / "cgroup.procs").exists()
        root = CONTROL / "blkio" if is_v1 else CONTROL
        group = root / f"lookout-slow-{os.getpid()}"
        try:
            group.mkdir()
            if is_v1:
                for name in V1:
                    (group / name).write_text(f"{self.number} {bytes_a_s}")
            else:
                (group / "io.max").write_text(f"{self.number} rbps={bytes_a_s} wbps={bytes_a_s}")
            for pid in pids:
                (group / "cgroup.procs").write_text(str(pid))
        except OSError as error:
            with suppress(OSError):
                group.rmdir()
            raise Refused(f"control groups refuse to hold back a disk ({error.strerror})") from error
        try:
            yield ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh"]
        finally:
            for member in (group / "cgroup.procs").read_text().split():
                with suppress(OSError):
                    (root / "cgroup.procs").write_text(member)
            group.rmdir()

    def forget(self) -> None:
        """Nothing of its files is left in memory, so that reads are reads of the disk."""
        os.sync()
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                handle = os.open(path, os.O_RDONLY)
                try:
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(handle)


@contextmanager
def disk(work: Path, size: int) -> Iterator[Disk]:
    """A new empty disk of `size` bytes. Raises `Refused` where none can be made."""
    image, folder = work / "disk.img", work / "disk-of-its-own"
    folder.mkdir()
    with image.open("wb") as handle:
        handle.truncate(size)
    _told(["mkfs.ext4", "-q", "-F", "-m", "0", str(image)])
    device = _told(["losetup", "--find", "--show", str(image)])
    try:
        _told(["mount", device, str(folder)])
        try:
            yield Disk(folder, device)
        finally:
            _told(["umount", "--lazy", str(folder)])
    finally:
        _told(["losetup", "--detach", device])
        image.unlink()


def _told(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Refused(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        raise Refused(f"{command[0]}: {done.stderr.strip()[-200:]}")
    return done.stdout.strip()
