"""What systemd passes: taken by name, for where the configuration listens, and by the process that it is for alone."""

from __future__ import annotations

import os
import socket
from contextlib import closing

import pytest

from gateway.daemon import passed as module
from gateway.daemon.passed import Passed, passed
from gateway.errors import OurFault
from gateway.settings.model import Listener, ListenerKind

FIRST = 300
"""Of descriptors that nothing else of the tests uses."""


@pytest.fixture
def bound():
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        yield one


def listener(port: int, host: str = "127.0.0.1", kind: ListenerKind = ListenerKind.TCP) -> Listener:
    return Listener("bracelets", "jt808", "g10ls", host, port, kind=kind)


def given(*sockets: socket.socket, names: str, whose: int | None = None) -> dict[str, str]:
    """The environment of a process to which they are passed."""
    for place, one in enumerate(sockets):
        os.dup2(one.fileno(), FIRST + place)
    pid = os.getpid() if whose is None else whose
    return {"LISTEN_PID": str(pid), "LISTEN_FDS": str(len(sockets)), "LISTEN_FDNAMES": names, "HOME": "/"}


def test_they_go_by_name_and_children_get_none(monkeypatch, bound):
    monkeypatch.setattr(module, "FIRST", FIRST)
    environment = given(bound, bound, bound, names="tcp-7611:tcp-7611")
    taken = passed(environment)
    assert list(taken.sockets) == ["tcp-7611", "tcp-7611 1", "unknown"]
    assert environment == {"HOME": "/"}
    assert not any(one.get_inheritable() for one in taken.sockets.values())
    numbers = [one.fileno() for one in taken.sockets.values()]
    taken.close_rest()
    assert taken.sockets == {}
    for number in numbers:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)


@pytest.mark.parametrize("whose", [1, os.getppid()])
def test_what_is_passed_to_another_process_is_not_ours(whose):
    assert passed({"LISTEN_PID": str(whose), "LISTEN_FDS": "1", "LISTEN_FDNAMES": "control"}).sockets == {}


def test_without_any_each_opens_its_own(tmp_path):
    assert passed({}).for_listener(listener(7611)) is None
    assert passed({}).for_control(tmp_path / "control.sock") is None


def test_a_listener_takes_the_one_of_its_kind_and_port(bound):
    port = bound.getsockname()[1]
    taken = Passed({f"tcp-{port}": bound})
    assert taken.for_listener(listener(port, kind=ListenerKind.UDP)) is None
    assert taken.for_listener(listener(port)) is bound
    assert taken.for_listener(listener(port)) is None


@pytest.mark.parametrize(
    ("host", "kind"),
    [("127.1.2.3", "tcp"), ("127.0.0.2", "tcp"), ("no.such.host.invalid", "tcp"), ("127.0.0.1", "udp")],
)
def test_one_that_is_elsewhere_stops_the_start(bound, host, kind):
    """It would let in whom the configuration keeps out, or be of a kind that cannot be served."""
    port = bound.getsockname()[1]
    with pytest.raises(OurFault, match=f"passed as {kind}-{port} is at 127.0.0.1:{port}"):
        Passed({f"{kind}-{port}": bound}).for_listener(listener(port, host, ListenerKind(kind)))


def test_the_control_socket_stands_where_commands_look_for_it(tmp_path):
    path = tmp_path / "control.sock"
    with closing(socket.socket(socket.AF_UNIX)) as one:
        one.bind(str(path))
        assert Passed({"control": one}).for_control(path) is one
        with pytest.raises(OurFault, match="control is to be at"):
            Passed({"control": one}).for_control(tmp_path / "elsewhere.sock")
