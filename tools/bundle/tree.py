"""What is installed of a bundle: a prefix with programs, libraries, documents, units and the bill of materials."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from tools.bundle.given import MACHINES, NAME, ROOT
from tools.bundle.interpreter import here, interpreter, own
from tools.bundle.library import check_glibc, compile_all, libraries, site_of
from tools.bundle.sbom import sbom

if TYPE_CHECKING:
    from pathlib import Path

    from tools.bundle.given import Machine

INSTALLED: Final = "/opt/bracelet-gateway/venv"
"""Where units and tracebacks find it: a link to the version in force, in the place that ``make install`` fills."""
PROGRAMS: Final = {"bracelet-gateway": "gateway.cli.app", "bracelet-sim": "firmware_sim.cli"}
SHARED: Final = ("docs", "systemd", "LICENSE")


def tree(work: Path, machine: Machine, into: Path) -> None:
    """Make it anew; what was fetched and built for the interpreter is kept in the work folder."""
    shutil.rmtree(into, ignore_errors=True)
    interpreter(work, machine, into)
    site = site_of(into)
    libraries(site, machine)
    for name, module in PROGRAMS.items():
        program = into / "bin" / name
        program.write_text(launcher(name, module), "utf-8")
        program.chmod(0o755)
    share = into / "share" / NAME
    share.mkdir(parents=True)
    for name in SHARED:
        path = ROOT / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, share / name)
    (share / "sbom.cdx.json").write_text(sbom(machine, site), "utf-8")
    compile_all(into, own(work), INSTALLED)
    check_glibc(into)


def launcher(name: str, module: str) -> str:
    """The program of a name, as a script."""
    text = (ROOT / "bundle" / "launcher.sh").read_text("utf-8")
    return text.replace("NAME", name).replace("MODULE", module)


def chosen(name: str) -> Machine:
    """By its name, or this one."""
    return MACHINES[name] if name else here()
