"""The libraries and our own packages beside the interpreter: the same files for the same tree, whenever it is made."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Final

from tools.bundle.fetch import run, wheels
from tools.bundle.given import GLIBC, PYTHON, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.bundle.given import Machine

BUILDS: Final = ("setuptools", "_distutils_hack", "pkg_resources", "distutils-precedence.pth")
"""What builds our package and does not run; pip's programs, which name the machine that they were made on."""
CHANGING: Final = ("*.dist-info/direct_url.json", "bracelet_gateway-*.dist-info/RECORD")
"""What pip notes of where we came from, and its digest; of the libraries it stays, for some look up their files in it."""
NEEDED: Final = re.compile(rb"GLIBC_(\d+)\.(\d+)")


def libraries(site: Path, machine: Machine) -> None:
    """Install what runs, and ourselves."""
    wheels(site, machine)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--no-build-isolation"]
    # What an earlier build has left would be installed, too.
    for name in ("lib", f"bdist.linux-{os.uname().machine}"):
        shutil.rmtree(ROOT / "build" / name, ignore_errors=True)
    run([*pip, "--target", site, "--upgrade", ROOT], ROOT)
    for left in _left_out(site):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _left_out(site: Path) -> Iterator[Path]:
    """Builders, programs of the build's machine, tests of libraries and notes of the installation."""
    yield from (path for name in BUILDS for path in site.glob(f"{name}*"))
    yield site / "bin"
    yield from [path for path in site.rglob("tests") if path.is_dir()]
    yield from [path for pattern in CHANGING for path in site.glob(pattern)]


def compile_all(prefix: Path, python: str, installed: str) -> None:
    """Compile the whole library: files of root's are not compiled at run time, and their dates mean nothing here.

    Args:
        prefix: whose ``lib`` it is.
        python: an interpreter of that version that runs here.
        installed: where it will be, as tracebacks name files.
    """
    words = ["-m", "compileall", "-q", "-f", "-j1", "--invalidation-mode=unchecked-hash", "-s", prefix, "-p", installed]
    # Sets among constants are written in the order of their hashes.
    run([python, *words, prefix / "lib"], prefix, PYTHONHASHSEED="0")


def check_glibc(prefix: Path) -> None:
    """Nothing in it asks for a newer C library than we say.

    Raises:
        SystemExit: something does.
    """
    for path in prefix.rglob("*"):
        if path.is_file() and not path.is_symlink() and (needed := newest(path)) > GLIBC:
            sys.exit(f"{path.relative_to(prefix)} needs glibc {needed[0]}.{needed[1]}")


def newest(path: Path) -> tuple[int, int]:
    """The newest symbols of the C library that a program or shared library names; (0, 0): it is none."""
    with path.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            return (0, 0)
        found = NEEDED.findall(file.read())
    return max(((int(major), int(minor)) for major, minor in found), default=(0, 0))


def site_of(prefix: Path) -> Path:
    """Where an interpreter of Debian's source looks for libraries."""
    return prefix / "lib" / f"python{PYTHON}" / "dist-packages"
