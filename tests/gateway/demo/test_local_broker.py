"""The local broker: it is ours that listens, on another port where one is taken, and none is left behind."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.demo import broker as broker_module
from gateway.demo.broker import LocalBroker
from gateway.errors import OurFault

PATIENCE = 120.0
"""Real seconds for what takes none."""


@pytest.fixture
def taken():
    """A loopback port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def of_directory(directory):
    """Process ids of brokers whose configuration lies below a directory."""
    lines = ((path.parent.name, path.read_bytes()) for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists())
    return [int(number) for number, line in lines if str(directory).encode() in line and b"nats-server" in line]


@pytest.mark.parametrize("name", ["port", "_client_port"])
def test_a_port_that_is_taken_is_changed_for_another(tmp_path, taken, name):
    one = LocalBroker(tmp_path)
    setattr(one, name, taken)
    one.start()
    try:
        assert getattr(one, name) != taken
        assert of_directory(tmp_path) == [one._process.pid]
        with socket.create_connection(("127.0.0.1", one.port)):
            pass
    finally:
        one.stop()
    assert of_directory(tmp_path) == []


DRAWS = """
import sys
from gateway.demo import broker
broker.LOWEST_PORT, broker.HIGHEST_PORT = 32_000, 32_600
print(*(broker.free_port() for _ in range(30)), flush=True)
sys.stdin.read()
"""
"""Of six hundred that nobody else draws from: so many drawn without a claim would all differ once in 100,000 times."""


def test_no_two_calls_in_whichever_process_are_given_the_same_port():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    drawing = [subprocess.Popen([sys.executable, "-c", DRAWS], **pipes) for _ in range(4)]
    drawn = [port for one in drawing for port in one.stdout.readline().split()]
    for one in drawing:
        one.communicate()
    assert len(drawn) == len(set(drawn)) == 120


def test_a_row_of_ports_is_claimed_whole():
    row = broker_module.free_port(8)
    assert [broker_module._claim(port) for port in range(row, row + 8)] == [None] * 8


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_that_another_program_uses_is_not_given_out(kind):
    with socket.socket(type=kind) as used:
        used.bind(("127.0.0.1", 0))
        assert broker_module._claim(used.getsockname()[1]) is None


def test_once_its_port_is_known_it_keeps_it_or_says_that_it_cannot(tmp_path):
    one = LocalBroker(tmp_path)
    one.start()
    one.stop()
    port = one.port
    with socket.create_server(("127.0.0.1", port)), pytest.raises(OurFault, match="local broker does not start"):
        one.start()
    assert (one.port, of_directory(tmp_path)) == (port, [])
    one.start()
    one.stop()
    assert one.port == port


def test_one_that_does_not_come_up_in_time_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(broker_module, "PATIENCE", 0.0)
    monkeypatch.setattr(broker_module, "READY", b"never said")
    with pytest.raises(OurFault):
        LocalBroker(tmp_path).start()
    assert of_directory(tmp_path) == []


def test_it_ends_with_the_program_that_started_it(tmp_path):
    told = f"""
        import os
        from pathlib import Path
        from gateway.demo.broker import LocalBroker
        one = LocalBroker(Path({str(tmp_path)!r}), ends_with_us=True)
        one.start()
        print(one._process.pid, flush=True)
        os.kill(os.getpid(), 9)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(told)], capture_output=True, text=True, check=False)
    assert done.returncode == -9
    with suppress(ProcessLookupError):
        ended, _, _ = select.select([os.pidfd_open(int(done.stdout))], [], [], PATIENCE)
        assert ended
