"""A Debian package of the same tree: the version beside others, switched by its scripts as by install.sh."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from tools.bundle.fetch import run
from tools.bundle.given import GLIBC, NAME, ROOT, VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from tools.bundle.given import Machine

CONTROL: Final = """\
Package: {name}
Version: {version}
Architecture: {machine}
Maintainer: {name}
Depends: libc6 (>= {glibc}), libstdc++6, zlib1g
Recommends: systemd
Section: net
Priority: optional
Description: gateway for electronic bracelets in community corrections
 Every true alarm, almost no false one, nothing acknowledged ever lost. Brings an interpreter of its own; state and
 configuration stay when it is upgraded or removed.
"""
SCRIPTS: Final = ("postinst", "prerm", "postrm")


def deb(bundle: Path, prefix: Path, machine: Machine, work: Path, out: Path, moment: int) -> None:
    """Write the package; ``bundle`` is the unpacked folder with install.sh, ``prefix`` the tree, ``moment`` of all files."""
    root = work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    into = root / "opt" / NAME
    shutil.copytree(prefix, into / "versions" / VERSION, symlinks=True)
    shutil.copy(bundle / "install.sh", into / "install.sh")
    control = root / "DEBIAN"
    control.mkdir()
    glibc = ".".join(map(str, GLIBC))
    filled = CONTROL.format(name=NAME, version=VERSION, machine=machine.debian, glibc=glibc)
    (control / "control").write_text(filled, "utf-8")
    for name in SCRIPTS:
        text = (ROOT / "bundle" / f"deb-{name}.sh").read_text("utf-8")
        (control / name).write_text(text.replace("VERSION", VERSION), "utf-8")
        (control / name).chmod(0o755)
    for path in root.rglob("*"):
        os.utime(path, (moment, moment))  # dpkg-deb only takes back what is later
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z6", "--build", root, out], work, SOURCE_DATE_EPOCH=str(moment))
