"""What no terminal should send: refused and counted under a reason, while a good terminal goes on being served."""

from __future__ import annotations

import json
import socket
import struct
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from gateway_process import PATIENCE, eventually
from plain_terminal import (
    AUTHENTICATE,
    HEARTBEAT,
    POSITION,
    REGISTER,
    Terminal,
    authentication,
    position,
    registration,
    wrap,
)
from pressed_county import phone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gateway_process import Gateway

UNKNOWN = "013812345678"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, gateway_of: Callable[..., Gateway]) -> Gateway:
    """One daemon for everything bad."""
    return gateway_of(tmp_path_factory.mktemp("bad"), 3)


@pytest.fixture
def good(served: Gateway) -> Iterator[Terminal]:
    """A good terminal: connected before, and still served and kept after."""
    moment = int(time.time()) - 60
    with Terminal(served.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment))
        yield terminal
        terminal.ask(POSITION, position(moment + 1))
    assert {("B0000", moment), ("B0000", moment + 1)} <= set(served.journaled())
    assert served.tracebacks() == 0


def _plain(body: bytes, length: int | None = None) -> bytes:
    """Header and body of a position of the second bracelet, whose length may lie."""
    declared = len(body) if length is None else length
    return struct.pack(">HH6sH", POSITION, declared, bytes.fromhex(phone(1)), 7) + body


def _wrong_check_code(now: float) -> bytes:
    frame = bytearray(wrap(_plain(position(now))))
    frame[20] ^= 0x01
    return bytes(frame)


BAD = {
    "rubbish": lambda _: bytes(range(0x80, 0xA0)) * 4 + b"\x7e",
    "short_frame": lambda _: b"\x7e\x02\x00\x00\x7e",
    "bad_escape": lambda _: b"\x7e\x02\x00\x7d\x05\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x7e",
    "endless_frame": lambda _: b"\x7e" + b"\x55" * 4000 + b"\x7e",
    "bad_checksum": _wrong_check_code,
    "http_request": lambda _: b"GET / HTTP/1.1\r\nHost: gateway\r\n\r\n",
    "tls_hello": lambda _: bytes.fromhex("1603010200010001fc0303") + bytes(200),
}


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("reason", BAD)
def test_bytes_that_are_no_frame_are_counted(served: Gateway, reason: str) -> None:
    before = served.refused(reason)
    with socket.create_connection(("127.0.0.1", served.county.port)) as line:
        line.sendall(BAD[reason](time.time()))
        eventually(lambda: served.refused(reason) > before, f"{reason} is counted")


@pytest.mark.usefixtures("good")
def test_a_wrong_length_is_refused_and_gives_no_report(served: Gateway) -> None:
    """The check code is right and the length is not: no report may come of what it cuts off."""
    moment, before = int(time.time()) - 77, served.refused("malformed")
    with Terminal(served.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.send(wrap(_plain(position(moment)[:20], length=28)))
        terminal.ask(HEARTBEAT)
    assert served.refused("malformed") == before + 1
    assert ("B0001", moment) not in served.journaled()


@pytest.mark.usefixtures("good")
def test_half_a_frame_and_gone(served: Gateway) -> None:
    moment = int(time.time()) - 78
    with Terminal(served.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.send(wrap(_plain(position(moment)))[:-5])
    with Terminal(served.county.port, phone(1)) as terminal:
        terminal.log_in()
    assert ("B0001", moment) not in served.journaled()


@pytest.mark.usefixtures("good")
def test_a_megabyte_without_an_end_closes_the_line(served: Gateway) -> None:
    before, closed = served.refused("endless_frame"), served.refused("connection_rubbish")
    with socket.create_connection(("127.0.0.1", served.county.port)) as line:
        line.settimeout(PATIENCE)
        with suppress(ConnectionError):  # whichever way the line breaks
            line.sendall(b"\x7e" + b"\x55" * (1 << 20))
            assert line.recv(1) == b""
        eventually(lambda: served.refused("connection_rubbish") == closed + 1, "the line is closed")
    assert served.refused("endless_frame") == before + 1


@pytest.mark.usefixtures("good")
def test_ten_thousand_tiny_frames(served: Gateway) -> None:
    before = served.refused("short_frame")
    with socket.create_connection(("127.0.0.1", served.county.port)) as line:
        line.sendall(b"\x7e\x01\x02\x7e" * 10_000)
        eventually(lambda: served.refused("short_frame") >= before + 10_000, "each is counted")


@pytest.mark.usefixtures("good")
def test_an_unknown_terminal_is_told_so_and_its_reports_are_not_acknowledged(served: Gateway) -> None:
    before = served.refused("unknown_device")
    with Terminal(served.county.port, UNKNOWN) as terminal:
        terminal.send(terminal.frame(REGISTER, registration(2013)))
        answer = terminal.receive()
        assert answer is not None
        assert (answer.message, answer.body) == (0x8100, b"\x00\x00\x04")
        terminal.send(terminal.frame(POSITION, position(time.time())))
        with pytest.raises(TimeoutError):
            terminal.receive(0.5)
    assert served.refused("unknown_device") == before + 2


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("edition", [2013, 2019])
def test_a_wrong_code_is_refused_until_the_right_one_comes(served: Gateway, edition: int) -> None:
    # a minute of its own for each edition: what one leaves in the journal is not taken for the other's
    before, moment = served.refused("wrong_credential"), int(time.time()) - 60 * (edition - 2011)
    with Terminal(served.county.port, phone(2), edition) as terminal:
        code = terminal.register()
        terminal.ask(AUTHENTICATE, authentication(edition, b"guess"), result=1)
        terminal.send(terminal.frame(POSITION, position(moment)))
        with pytest.raises(TimeoutError):
            terminal.receive(0.5)
        terminal.ask(AUTHENTICATE, authentication(edition, code))
        terminal.ask(POSITION, position(moment + 1))
    assert served.refused("wrong_credential") == before + 1
    assert served.refused("not_authenticated") >= 1
    assert ("B0002", moment) not in served.journaled()


@pytest.mark.usefixtures("good")
def test_a_clock_of_the_year_2000_is_counted_and_the_report_kept(served: Gateway) -> None:
    counted = served.status()["counted"].get("clock_fault", 0)
    with Terminal(served.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(946_656_000))
    assert ("B0001", 946_656_000) in served.journaled()
    eventually(lambda: served.status()["counted"].get("clock_fault", 0) == counted + 1, "the fault is counted")


def test_the_last_refusals_can_be_looked_at_and_are_bounded(served: Gateway) -> None:
    last = served.status()["last_refusals"]
    assert 0 < len(last) <= 10
    assert all(len(one["sample"]) <= 512 and one["reason"] and one["listener"] == "bracelets" for one in last)


def test_an_operators_script_reads_the_same_counts(served: Gateway) -> None:
    assert json.loads(served.command("status", "--json").stdout)["refused"] == served.status()["refused"]
