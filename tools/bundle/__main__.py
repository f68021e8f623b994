"""make bundle: one archive a machine, its sums, and a Debian package; the same bytes from the same commit."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from pathlib import Path

from tools.bundle.deb import deb
from tools.bundle.given import MACHINES, NAME, ROOT, VERSION, Machine, title
from tools.bundle.pack import pack
from tools.bundle.sums import write_sums
from tools.bundle.tree import chosen, tree

WORK = ROOT / "build" / "bundle"


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__)
    parser.add_argument("--machine", default="", choices=["", *MACHINES], help="default: this one's")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where archive and package go")
    parser.add_argument("--work", type=Path, default=WORK, help="where what was fetched and built is kept")
    asked = parser.parse_args()
    machine = chosen(asked.machine)
    asked.out.mkdir(parents=True, exist_ok=True)
    for path in made(asked.work.resolve() / machine.name, machine, asked.out.resolve()):
        print(f"{path} ({path.stat().st_size >> 20} MiB)")


def made(work: Path, machine: Machine, out: Path) -> list[Path]:
    """Make archive and package, and the sums of both."""
    when, prefix, folder = moment(), work / "prefix", work / title(machine)
    tree(work, machine, prefix)
    fill(folder, prefix, machine, when)
    archive, package = out / f"{title(machine)}.tar.gz", out / f"{NAME}_{VERSION}_{machine.debian}.deb"
    pack(folder, archive, when, title(machine))
    deb(folder, prefix, machine, work, package, when)
    write_sums(out, [path.name for path in sorted(out.iterdir()) if path.suffix in {".gz", ".deb"}])
    return [archive, package]


def fill(folder: Path, prefix: Path, machine: Machine, when: int) -> None:
    """What is in the archive: few files, so that each can be held against its sum before anything is unpacked."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "bundle" / "install.sh", folder)
    (folder / "VERSION").write_text(f"{VERSION} {machine.name}\n", "utf-8")
    shutil.copy(prefix / "share" / NAME / "sbom.cdx.json", folder)
    pack(prefix, folder / "payload.tar", when)
    write_sums(folder, [path.name for path in folder.iterdir()])


def moment() -> int:
    """That all files have: of SOURCE_DATE_EPOCH, else of the last commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    return int(told.stdout)


if __name__ == "__main__":
    main()
