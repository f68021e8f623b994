"""bundle/install.sh on a tree of its own: install, upgrade, back, remove; what it refuses before it touches a file."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.bundle.pack import pack
from tools.bundle.sums import write_sums

ROOT = Path(__file__).parents[2]
PROGRAM = """#!/bin/sh
[ "$1" != --version ] || { %s; echo %s; }
[ "$1" != check ] || exit %d
"""
NAME = "bracelet-gateway"


class Server:
    """A tree in the place of a machine, with programs that say which machine it is."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.root = directory / "root"
        self.programs = directory / "programs"
        self.programs.mkdir()
        self.says("uname", "x86_64")
        self.says("getconf", "glibc 2.28")

    def says(self, program: str, words: str) -> None:
        path = self.programs / program
        path.write_text(f"#!/bin/sh\necho '{words}'\n", "utf-8")
        path.chmod(0o755)

    def bundle(self, version: str, runs: str = "true", check: int = 0) -> Path:
        """The unpacked bundle of a version; its program is a stand-in."""
        prefix, folder = self.directory / f"prefix-{version}", self.directory / f"bundle-{version}"
        for path in (prefix / "bin", prefix / "share" / NAME, folder):
            path.mkdir(parents=True)
        program = prefix / "bin" / NAME
        program.write_text(PROGRAM % (runs, version, check), "utf-8")
        program.chmod(0o755)
        shutil.copy(program, prefix / "bin" / "python3.11")
        shutil.copytree(ROOT / "systemd", prefix / "share" / NAME / "systemd")
        (folder / "VERSION").write_text(f"{version} x86_64\n", "utf-8")
        pack(prefix, folder / "payload.tar", 0)
        shutil.copy(ROOT / "bundle" / "install.sh", folder)
        write_sums(folder, [path.name for path in folder.iterdir()])
        return folder

    def run(self, script: Path, *words: str) -> tuple[int, str]:
        environment = os.environ | {"PATH": f"{self.programs}:{os.environ['PATH']}"}
        line = ["sh", str(script / "install.sh"), "--root", str(self.root), *words]
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60, env=environment)
        return done.returncode, done.stdout + done.stderr

    def install(self, version: str, **how: object) -> str:
        code, said = self.run(self.bundle(version, **how))
        assert code == 0, said
        return said

    @property
    def base(self) -> Path:
        return self.root / "opt" / NAME

    @property
    def in_force(self) -> str:
        """What the installed program says of itself, by the link that units go by."""
        line = [str(self.base / "venv" / "bin" / NAME), "--version"]
        return subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()

    def versions(self) -> list[str]:
        return sorted(path.name.split("-")[0] for path in (self.base / "versions").iterdir())


@pytest.fixture
def server(tmp_path):
    return Server(tmp_path)


def test_it_is_installed_with_units_account_and_places(server):
    said = server.install("1.0")
    assert "版本 1.0 已装好" in said
    assert "version 1.0 is installed" in said
    assert server.in_force == "1.0"
    units = {path.name for path in (server.root / "etc/systemd/system").iterdir()}
    assert units == {
        path.name for path in (ROOT / "systemd").iterdir() if path.suffix in {".service", ".socket", ".timer"}
    }
    assert (server.root / f"etc/sysusers.d/{NAME}.conf").read_text("utf-8").endswith("/usr/sbin/nologin\n")
    assert (server.root / f"etc/tmpfiles.d/{NAME}.conf").is_file()
    assert (server.root / f"usr/local/bin/{NAME}").readlink() == Path(f"/opt/{NAME}/venv/bin/{NAME}")
    assert (server.root / f"var/lib/{NAME}").stat().st_mode & 0o777 == 0o710
    assert (server.root / f"etc/{NAME}").stat().st_mode & 0o777 == 0o750


def test_upgrades_go_beside_and_back_and_state_is_as_it_was(server):
    for version in ("1.0", "1.1", "1.2"):
        server.install(version)
        county = server.root / f"etc/{NAME}/gateway.yaml"
        county.write_text("county", "utf-8")
        (server.root / f"var/lib/{NAME}/state.db").write_text("state", "utf-8")
    assert server.in_force == "1.2"
    assert server.versions() == ["1.1", "1.2"]
    installed = server.base
    assert server.run(installed, "--rollback")[0] == 0
    assert server.in_force == "1.1"
    assert server.run(installed, "--rollback")[0] == 0
    assert server.in_force == "1.2"
    code, said = server.run(installed, "--remove")
    assert (code, "kept" in said) == (0, True)
    assert not server.base.exists()
    assert list((server.root / "etc/systemd/system").iterdir()) == []
    assert county.read_text("utf-8") == "county"
    assert (server.root / f"var/lib/{NAME}/state.db").read_text("utf-8") == "state"


def test_the_same_version_twice_changes_nothing(server):
    server.install("1.0")
    assert server.run(server.directory / "bundle-1.0")[0] == 0
    assert server.versions() == ["1.0"]
    code, said = server.run(server.base, "--rollback")
    assert code == 1
    assert "there is no version before" in said


def test_what_make_installed_is_kept_as_the_version_before(server):
    old = server.base / "venv" / "bin" / NAME
    old.parent.mkdir(parents=True)
    old.write_text(PROGRAM % ("true", "0.9", 0), "utf-8")
    old.chmod(0o755)
    (server.base / "venv/share" / NAME / "systemd").mkdir(parents=True)
    server.install("1.0")
    assert server.in_force == "1.0"
    assert server.run(server.base, "--rollback")[0] == 0
    assert server.in_force == "0.9"


def test_a_purge_takes_state_and_configuration(server):
    server.install("1.0")
    assert server.run(server.base, "--remove", "--purge")[0] == 0
    assert not (server.root / f"var/lib/{NAME}").exists()
    assert not (server.root / f"etc/{NAME}").exists()


@pytest.mark.parametrize(
    ("program", "says", "word"),
    [
        ("getconf", "glibc 2.27", "this machine has 2.27"),
        ("getconf", "musl libc (x86_64)", "this machine has another C library"),
        ("uname", "aarch64", "this bundle is for x86_64 and this machine is aarch64"),
    ],
)
def test_a_machine_that_it_is_not_for_is_refused_in_words(server, program, says, word):
    server.says(program, says)
    code, said = server.run(server.bundle("1.0"))
    assert code == 1
    assert word in said
    assert not server.root.exists()


@pytest.mark.parametrize("name", ["payload.tar", "install.sh"])
def test_a_changed_bundle_is_refused(server, name):
    folder = server.bundle("1.0")
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    code, said = server.run(folder)
    assert code == 1
    assert "the bundle is damaged or was changed" in said
    assert not server.root.exists()


def test_a_version_that_does_not_run_or_finds_faults_is_not_switched_to(server):
    server.install("1.0")
    (server.root / f"etc/{NAME}/gateway.yaml").write_text("county", "utf-8")
    for version, how, word in (
        ("1.1", {"runs": "exit 1"}, "does not run on this machine"),
        ("1.2", {"check": 2}, "finds faults in"),
    ):
        code, said = server.run(server.bundle(version, **how))
        assert (code, word in said) == (1, True), said
        assert server.in_force == "1.0"
