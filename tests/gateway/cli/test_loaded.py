"""What a program does not need it does not load: an officer's command answers at once, and a start is short."""

import subprocess
import sys
from datetime import date

import pytest

from formulas.formula import LINKS
from gateway.settings.init import write_sample

PROGRAM = """
import sys
from gateway.cli.app import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
COMPILER = {"numba"}
OUTSIDE = {"aiohttp", "aiomqtt", "prometheus_client", "serial"}
"""What talks to carriers, brokers, Prometheus and serial lines."""
COLUMNS = {"construct", "msgspec", "numpy", "pyproj", "shapely"}
WIRES = {f"protocols.{name}.family" for name in ("annex_a", "gt06", "jt808", "mlp", "modem", "r16h")}
PATIENCE = 120.0


def loaded_by(*arguments):
    """Modules that a command had loaded when it ended."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """The sample, whose devices are of one wire and which no gateway serves."""
    directory = tmp_path_factory.mktemp("county")
    write_sample(directory, "en", date(2026, 11, 1))
    return str(directory)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("status", "--help"), ("command", "--help")])
def test_help_loads_nothing_of_what_the_gateway_works_with(arguments):
    loaded = loaded_by(*arguments)
    assert "gateway.cli.app" in loaded
    assert loaded & (COMPILER | OUTSIDE | COLUMNS | WIRES) == set()


@pytest.mark.parametrize(
    "command", [("status",), ("alarms", "list"), ("commands", "list"), ("where", "P0001"), ("verify",)]
)
def test_a_command_loads_the_wires_of_its_county_and_neither_compiler_nor_links(county, command):
    loaded = loaded_by(*command, "--config", county)
    assert "gateway.settings.load" in loaded
    assert loaded & (COMPILER | OUTSIDE) == set()
    assert loaded & WIRES == {"protocols.jt808.family"}


def test_the_daemon_loads_links_and_wires_where_its_county_has_them():
    said = subprocess.run(
        [sys.executable, "-c", "import sys, gateway.daemon.daemon; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert set(said.split()) & (COMPILER | OUTSIDE | WIRES) == set()


@pytest.mark.skipif(not LINKS, reason="no code is linked on this machine")
def test_a_daemon_whose_loops_are_kept_does_not_load_the_compiler():
    """It would be 115 MiB larger. Where they are not kept yet, another process compiles them."""
    program = (
        "import sys; from gateway.daemon.compile_all import make_ready; from protocols.registry import FAMILIES; "
        "make_ready(FAMILIES, FAMILIES); print(*sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert set(said.split()) & (COMPILER | {"formulas.compiling"}) == set()
