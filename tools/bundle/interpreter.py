"""CPython as one program that needs nothing but a C library, built by a compiler that knows the symbols of an old one.

Everything it is made of is linked into it, so that there is one file to move, and it looks for its library beside
itself (Modules/getpath.py): it runs wherever it is put.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Final

from tools.bundle.fetch import compiler, debian, run
from tools.bundle.given import GLIBC, MACHINES, PYTHON

if TYPE_CHECKING:
    from pathlib import Path

    from tools.bundle.given import Machine

FOREIGN: Final = "_ctypes_test", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tkinter", "turtledemo"
"""Of the library, what no server needs."""
CTYPES: Final = (
    "-DPy_BUILD_CORE_MODULE -DHAVE_FFI_PREP_CIF_VAR -DHAVE_FFI_PREP_CLOSURE_LOC -DHAVE_FFI_CLOSURE_ALLOC -lffi -ldl"
)
"""What setup.py would add for the one module that 3.11's Setup leaves to it."""
ALIGNED: Final = "ac_cv_aligned_required=no"
"""True of both machines; else hashes of texts would be those that an attacker can make collide."""
WHOLE: Final = (
    "import _posixshmem, bz2, ctypes, decimal, hashlib, lzma, resource, sqlite3, ssl, sys, zlib, zoneinfo;"
    "sys.exit(sys.hash_info.algorithm != 'siphash13')"
)
"""What an interpreter that lacks a module, or was configured wrongly, does not end well."""
CROSS: Final = ("ac_cv_file__dev_ptmx=yes", "ac_cv_file__dev_ptc=no", "ac_cv_buggy_getaddrinfo=no")
"""What configure cannot try for another machine, and what it finds on any Linux."""
ZONES: Final = "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"
VARIABLES: Final = "build_time_vars = {{'Py_DEBUG': 0, 'Py_ENABLE_SHARED': 0, 'SOABI': 'cpython-311-{triplet}', 'TZPATH': '{zones}'}}\n"
"""What sysconfig knows of a build on whose machine nothing is ever built."""
UNDATED: Final = {
    r"#ifdef __(DATE|TIME)__": r"#ifdef \1_OF_BUILD", '"xx/xx/xx"': '"Jan  1 1970"', '"xx:xx:xx"': '"00:00:00"',
}  # fmt: skip
"""Of Modules/getbuildinfo.c: without the moment of the build, in the form that the platform module reads."""


def interpreter(work: Path, machine: Machine, into: Path) -> None:
    """Build it (some minutes; what was built is kept) and lay it out as a prefix: ``bin`` and ``lib``."""
    work.mkdir(parents=True, exist_ok=True)
    source, libraries = debian(work, machine)
    program = work / "made" / "python"
    if not program.is_file():
        _tools(work, machine, compiler(work))
        _linked(work / "linked", libraries, machine)
        _undated(source)
        _build(work, machine)
    (into / "bin").mkdir(parents=True)
    shutil.copy(program, into / "bin" / f"python{PYTHON}")
    _library(source / "Lib", into / "lib" / f"python{PYTHON}", machine)
    run([own(work), "-I", "-B", "-c", WHOLE], into)


def _tools(work: Path, machine: Machine, zig: Path) -> None:
    """Programs by the names that configure expects."""
    target = f"{machine.triplet}.{GLIBC[0]}.{GLIBC[1]}"
    for name, words in {"cc": f"cc -target {target}", "ar": "ar"}.items():
        _program(work / name, f"{zig} {words}")
    # This machine's reads any other's files, and configure wants it to have another name where it builds for one.
    _program(work / "readelf", "/usr/bin/readelf")


def _program(path: Path, words: str) -> None:
    path.write_text(f'#!/bin/sh\nexec {words} "$@"\n', "utf-8")
    path.chmod(0o755)


def _linked(into: Path, libraries: Path, machine: Machine) -> None:
    """Headers and static libraries alone: the headers of this machine's own C library would be the wrong ones."""
    shutil.copytree(libraries / "usr/include", into / "include", dirs_exist_ok=True)
    shutil.copytree(libraries / "usr/include" / machine.triplet, into / "include", dirs_exist_ok=True)
    (into / "lib").mkdir(exist_ok=True)
    for path in (libraries / "usr/lib" / machine.triplet).glob("*.a"):
        shutil.copy(path, into / "lib")


def _undated(source: Path) -> None:
    """Take out the moment of the build, which would make each another one."""
    path = source / "Modules" / "getbuildinfo.c"
    text = path.read_text("utf-8")
    for found, written in UNDATED.items():
        text = re.sub(found, written, text)
    path.write_text(text, "utf-8")


def _build(work: Path, machine: Machine) -> None:
    made = work / "made"
    made.mkdir(exist_ok=True)
    cache = {"ZIG_GLOBAL_CACHE_DIR": str(work / "cache"), "ZIG_LOCAL_CACHE_DIR": str(work / "cache")}
    # By a path without this folder's name, which would go into the program.
    run(["../python/configure", *_options(work, machine)], made, **cache, **_flags(work))
    setup = (made / "Modules" / "Setup.stdlib").read_text("utf-8")
    setup = re.sub(r"^#@MODULE__CTYPES_TRUE@(_ctypes .*)$", rf"\1 {CTYPES}", setup, flags=re.MULTILINE)
    (made / "Modules" / "Setup.local").write_text(setup, "utf-8")
    # The first run takes in which modules there are, and ends with that.
    run(["make", "Makefile"], made, **cache)
    run(["make", f"-j{os.cpu_count()}", "python"], made, **cache)


def _flags(work: Path) -> dict[str, str]:
    return {
        "CC": str(work / "cc"), "AR": str(work / "ar"), "READELF": str(work / "readelf"), "RANLIB": ":", "PKG_CONFIG": "false",
        "MODULE_BUILDTYPE": "static", "CFLAGS": f"-g0 -fno-sanitize=undefined -ffile-prefix-map={work}=.",
        "CPPFLAGS": f"-I{work}/linked/include", "LDFLAGS": f"-L{work}/linked/lib -s", "LIBS": "-lm",
    }  # fmt: skip


def _options(work: Path, machine: Machine) -> list[str]:
    options = [
        "--prefix=/usr", "--disable-shared", "--disable-test-modules", "--without-ensurepip", "--without-readline",
        "--with-dbmliborder=", f"--with-openssl={work}/linked", f"--host={machine.triplet}",
        f"--build={os.uname().machine}-linux-gnu", ALIGNED,
    ]  # fmt: skip
    if machine.name == os.uname().machine:
        return options
    return [*options, *CROSS, f"--with-build-python={own(work)}"]


def own(work: Path) -> str:
    """An interpreter of the same version that runs here: what is built for another machine is prepared by it."""
    here = work.parent / os.uname().machine / "prefix" / "bin" / f"python{PYTHON}"
    if not here.is_file():
        sys.exit(f"make bundle MACHINE={os.uname().machine} first: its interpreter prepares what is built for others")
    return str(here)


def _library(source: Path, into: Path, machine: Machine) -> None:
    """The library without what no server needs."""
    shutil.copytree(source, into, ignore=lambda _, names: {"__pycache__", "tests"} & set(names))
    for name in FOREIGN:
        shutil.rmtree(into / name, ignore_errors=True)
    (into / "lib-dynload").mkdir()
    variables = into / f"_sysconfigdata__{machine.triplet}.py"
    variables.write_text(VARIABLES.format(triplet=machine.triplet, zones=ZONES), "utf-8")


def here() -> Machine:
    """This machine.

    Raises:
        SystemExit: no bundle is made for its kind.
    """
    name = os.uname().machine
    if name not in MACHINES:
        sys.exit(f"no bundle is made for {name}; there are: {', '.join(MACHINES)}")
    return MACHINES[name]
