"""What a bundle needs from elsewhere, by the ordinary clients: apt-get and pip, as this machine is set up for them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.bundle.given import COMPILER, LIBRARIES, PYTHON, PYTHON_SOURCE, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bundle.given import Machine

APT: Final = Path("/etc/apt")
KEYRING: Final = "debian-archive-keyring"
"""What a list of Debian's own names; others need have no sources."""
TAGS: Final = ("2_28", "2_27", "2_24", "2_17", "2014", "2_12", "2010", "2_5", "1")
"""Of wheels that a C library of that age, or an older one, can load: PEP 600 and the names before it."""


def run(words: Sequence[object], where: Path, **environment: str) -> None:
    """A program that has to end well; what it says is shown if it does not.

    Raises:
        SystemExit: it did not.
    """
    line = [str(word) for word in words]
    done = subprocess.run(line, cwd=where, capture_output=True, text=True, check=False, env=os.environ | environment)
    if done.returncode:
        sys.exit(f"{' '.join(line[:6])} ...: exit {done.returncode}\n{(done.stdout + done.stderr)[-4000:]}")


def _sources(work: Path, machine: Machine) -> list[str]:
    """Options of apt-get: this machine's own lists, source packages and the other machine's packages too, kept here."""
    folder = work / "apt"
    for name in ("lists/partial", "cache/archives/partial", "sources"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for path in filter(Path.is_file, [APT / "sources.list", *(APT / "sources.list.d").glob("*")]):
        text = path.read_text("utf-8")
        if KEYRING in text:
            text = re.sub(r"^Types: deb$", "Types: deb deb-src", text, flags=re.MULTILINE)
            text = re.sub(r"^deb (.*)$", r"deb \1\ndeb-src \1", text, flags=re.MULTILINE)
            (folder / "sources" / path.name).write_text(text, "utf-8")
    settings = {
        "Dir::Etc::sourcelist": "-", "Dir::Etc::sourceparts": folder / "sources", "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache", "APT::Sandbox::User": "root", "APT::Architectures": f"amd64,{machine.debian}",
    }  # fmt: skip
    return [f"-o{key}={value}" for key, value in settings.items()]


def debian(work: Path, machine: Machine) -> tuple[Path, Path]:
    """The interpreter's source with Debian's patches, and a folder with the libraries' packages unpacked."""
    source, libraries = work / "python", work / "libraries"
    if not source.is_dir() or not libraries.is_dir():
        options = _sources(work, machine)
        run(["apt-get", *options, "update"], work)
        run(["apt-get", *options, "source", "--download-only", "=".join(PYTHON_SOURCE)], work)
        (description,) = work.glob(f"{PYTHON_SOURCE[0]}_*.dsc")
        run(["dpkg-source", "-x", description.name, source], work)
        wanted = [f"{name}:{machine.debian}={version}" for name, version in LIBRARIES.items()]
        run(["apt-get", *options, "download", *wanted], work)
        for package in sorted(work.glob(f"*_{machine.debian}.deb")):
            run(["dpkg-deb", "-x", package, libraries], work)
    return source, libraries


def compiler(work: Path) -> Path:
    """The compiler's program."""
    folder = work / "compiler"
    if not folder.is_dir():
        run([sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target", folder, COMPILER], work)
    return folder / "ziglang" / "zig"


def wheels(site: Path, machine: Machine) -> None:
    """What runs, as requirements/run.txt pins it, for that machine."""
    platforms = [word for tag in TAGS for word in ("--platform", f"manylinux{_tag(tag)}_{machine.name}")]
    run(
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--only-binary=:all:",
            f"--python-version={PYTHON}", "--implementation=cp", "--abi=cp311", "--abi=abi3", "--abi=none",
            *platforms, "--target", site, "-r", ROOT / "requirements" / "run.txt",
        ],
        ROOT,
    )  # fmt: skip


def _tag(name: str) -> str:
    return f"_{name}" if "_" in name else name
