"""What a bundle is made of beside our own tree and requirements/run.txt: versions, machines, and where all of it lies."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
NAME: Final = "bracelet-gateway"
VERSION: Final[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
GLIBC: Final = (2, 28)
"""The oldest C library of a server: of Debian 10, Kylin V10, openEuler 20.03 and RHEL 8."""
PYTHON: Final = "3.11"
PYTHON_SOURCE: Final = ("python3.11", "3.11.2-6+deb12u8")
"""Debian's source package: CPython 3.11.2 with Debian's fixes of its faults in security."""
LIBRARIES: Final = {
    "libssl-dev": "3.0.22-1~deb12u2", "libsqlite3-dev": "3.40.1-2+deb12u2", "libffi-dev": "3.4.4-1",
    "zlib1g-dev": "1:1.2.13.dfsg-1", "libbz2-dev": "1.0.8-5+b1", "liblzma-dev": "5.4.1-1+deb12u2",
}  # fmt: skip
"""Debian's packages whose static libraries are linked into the interpreter."""
COMPILER: Final = "ziglang==0.17.1"
"""A wheel: a C compiler with the C library's symbols of every version, for every machine."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of processor, by the names that uname, Debian and configure have for it."""

    name: str
    debian: str

    @property
    def triplet(self) -> str:
        """As Debian's folders and configure name it."""
        return f"{self.name}-linux-gnu"


MACHINES: Final = {one.name: one for one in (Machine("x86_64", "amd64"), Machine("aarch64", "arm64"))}


def title(machine: Machine) -> str:
    """The name of a bundle and of the folder in it."""
    return f"{NAME}-{VERSION}-{machine.name}"
