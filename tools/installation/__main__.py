"""make test-install: unpacks a bundle into a clean tree, in namespaces of its own without a network, and tells the story.

A machine where nobody may make namespaces is told so loudly, and nothing is tried.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from tools.bundle.given import MACHINES, ROOT, title
from tools.bundle.sums import FILES, write_sums
from tools.installation.clean import DEVICES, clean

HERE: Final = Path(__file__).parent
NAMESPACES: Final = ("--mount", "--net", "--pid", "--fork", "--kill-child")
SCRIPTS: Final = ("trial.sh", "bracelet.py")


def main() -> None:
    """Try it."""
    archive = ROOT / "dist" / f"{title(MACHINES[os.uname().machine])}.tar.gz"
    parser = argparse.ArgumentParser(prog="python -m tools.installation", description=__doc__)
    parser.add_argument("archive", type=Path, nargs="?", default=archive)
    asked = parser.parse_args()
    if not asked.archive.is_file():
        sys.exit(f"{asked.archive} is absent: make bundle first")
    if (entering := _entering()) is None:
        print("=" * 78, "NOT TRIED: neither root nor user namespaces are to be had here", "=" * 78, sep="\n")
        return
    # Not in memory: the tree is some hundred megabytes, three times.
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        sys.exit(_tried(Path(folder), asked.archive, entering))


def _entering() -> list[str] | None:
    """How namespaces are entered here; None: not at all."""
    for more in ([], ["--map-root-user"]) if os.geteuid() == 0 else (["--map-root-user"],):
        line = ["unshare", *more, *NAMESPACES]
        if subprocess.run([*line, "true"], capture_output=True, check=False).returncode == 0:
            return line
    return None


def _tried(root: Path, archive: Path, entering: list[str]) -> int:
    """The trial's exit code."""
    clean(root, as_root="--map-root-user" not in entering)
    with tarfile.open(archive) as tar:
        tar.extractall(root, filter="data")
    (unpacked,) = root.glob("bracelet-gateway-*")
    unpacked.rename(root / "bundle")
    _later(root / "bundle", root / "later")
    for name in SCRIPTS:
        shutil.copy(HERE / name, root)
    return subprocess.run([*entering, "sh", "-euc", _mounts(root)], check=False).returncode


def _later(bundle: Path, later: Path) -> None:
    """A version after that one: the same, and one file more."""
    shutil.copytree(bundle, later)
    with tarfile.open(later / "payload.tar", "a") as tar:
        tar.add(HERE / "trial.sh", "./share/bracelet-gateway/later")
    write_sums(later, [path.name for path in later.iterdir() if path.name not in FILES.values()])


def _mounts(root: Path) -> str:
    """What the unit shows of /proc, two devices, and then nothing of this machine any more."""
    devices = [f"mount --bind /dev/{name} {root}/dev/{name}" for name in DEVICES]
    return "\n".join([
        f"mount --bind {root} {root}", f"mount -t proc -o subset=pid,hidepid=invisible proc {root}/proc",
        f"mount -t tmpfs tmpfs {root / 'dev' / 'shm'}", *devices, f"cd {root}",
        "exec env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root chroot . /bin/sh -eu /trial.sh",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
