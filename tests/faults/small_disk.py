"""A disk of a few megabytes that really fills, and can be made read-only: a tmpfs in mounts of its own."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PIECE = 4096


@dataclass
class SmallDisk:
    """Mounted at a directory for those that live inside; for others it is at ``path``."""

    directory: Path
    holder: subprocess.Popen[str]

    @property
    def inside(self) -> int:
        """The process whose mounts have it."""
        return self.holder.pid

    @property
    def path(self) -> Path:
        return Path(f"/proc/{self.holder.pid}/root{self.directory}")

    def fill(self) -> None:
        """To the last byte."""
        with suppress(OSError), (self.path / "ballast").open("ab", buffering=0) as ballast:
            while ballast.write(bytes(PIECE)):
                pass

    def make_room(self) -> None:
        (self.path / "ballast").unlink()

    def mount(self, how: str) -> None:
        """``ro`` or ``rw``; not to ``ro`` while somebody has a file open to write."""
        self._told(f"mount -o remount,{how} none '{self.directory}'")

    def end(self) -> None:
        self.holder.kill()
        self.holder.wait()
        for stream in (self.holder.stdin, self.holder.stdout):
            stream.close()

    def _told(self, line: str) -> None:
        self.holder.stdin.write(f"{line} && echo done || echo failed\n")
        self.holder.stdin.flush()
        assert self.holder.stdout.readline() == "done\n", line


def small_disk(directory: Path, size: str) -> SmallDisk:
    """One, empty; where nobody may mount any, the test is skipped."""
    directory.mkdir(parents=True, exist_ok=True)
    unshare, pipes = shutil.which("unshare"), {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    trial = [unshare, "-Urm", "mount", "-t", "tmpfs", "none", directory]
    if unshare is None or subprocess.run(trial, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("NOT SHOWN HERE: neither root nor user namespaces, so no small disk")
    holder = subprocess.Popen([unshare, "-Urm", "sh"], **pipes)
    disk = SmallDisk(directory, holder)
    disk._told(f"mount -t tmpfs -o size={size} none '{directory}'")
    return disk
