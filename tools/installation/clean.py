"""A tree with a shell, what install.sh calls, and a C library: no Python, no compiler, nothing else of this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS: Final = (
    "sh", "cat", "chmod", "chown", "cp", "cut", "dirname", "env", "getconf", "grep", "id", "kill", "ln", "ls", "mkdir",
    "mv", "readlink", "rm", "sed", "setpriv", "sha256sum", "sleep", "tar", "uname",
)  # fmt: skip
LIBRARIES: Final = ("libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1",
                    "libutil.so.1", "libz.so.1", "libnss_files.so.2")  # fmt: skip
"""What wheels may ask of any server (PEP 600), and what looks up accounts where the C library does not itself."""
FOLDERS: Final = ("proc", "dev/shm", "tmp", "etc", "run", "root", "usr/local/bin", "var/lib", "var/cache", "opt")
DEVICES: Final = ("null", "urandom")
ACCOUNT: Final = "bracelet"
UNPRIVILEGED: Final = 994


def clean(root: Path, *, as_root: bool) -> None:
    """Make it.

    Args:
        root: an empty directory.
        as_root: whether accounts other than root's exist there; else the service's is one more name of root's.
    """
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    root.chmod(0o755)
    (root / "tmp").chmod(0o1777)
    for name in DEVICES:
        (root / "dev" / name).touch()
    for path in sorted({*_programs(), *_libraries()}):
        there = root / str(path).lstrip("/")
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, there)
    number = UNPRIVILEGED if as_root else 0
    (root / "etc/passwd").write_text(f"root:x:0:0::/root:/bin/sh\n{ACCOUNT}:x:{number}:{number}::/:/bin/sh\n", "utf-8")
    (root / "etc/group").write_text(f"root:x:0:\n{ACCOUNT}:x:{number}:\n", "utf-8")


def _programs() -> Iterator[Path]:
    """Each program by the path that it is called by, and all that it is linked with."""
    for name in PROGRAMS:
        found = shutil.which(name)
        if found is None:
            sys.exit(f"{name} is not installed here, and the trial needs it")
        yield Path("/bin") / name if name == "sh" else Path(found)
        told = subprocess.run(["ldd", found], capture_output=True, text=True, check=True)  # noqa: S607
        yield from map(Path, re.findall(r"(/\S+) \(0x", told.stdout))


def _libraries() -> Iterator[Path]:
    told = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True)  # noqa: S607
    for name in LIBRARIES:
        if found := re.search(rf"^\s+{re.escape(name)} \(libc6,[^)]*\) => (\S+)$", told.stdout, re.MULTILINE):
            yield Path(found[1])
