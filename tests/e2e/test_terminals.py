"""Terminals on plain sockets, 2013 and 2019, with the habits real ones have; every byte of every answer is checked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from gateway_process import eventually
from plain_terminal import (
    AUTHENTICATE,
    BATCH,
    HEARTBEAT,
    POSITION,
    REGISTER,
    Terminal,
    authentication,
    position,
    registration,
    stored,
)
from pressed_county import phone

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway_process import Gateway

MANY = 50
ESCAPED_PHONE = "013900007e7d"
"""Not a number: no terminal of ours, but its bytes need the escape in our answer."""
EDITIONS = pytest.mark.parametrize("edition", [2013, 2019])


@pytest.fixture(scope="module")
def port(module_gateway: Gateway) -> int:
    return module_gateway.county.port


@pytest.fixture(scope="module")
def module_gateway(tmp_path_factory: pytest.TempPathFactory, gateway_of: Callable[..., Gateway]) -> Gateway:
    """One daemon for all terminals of this file."""
    return gateway_of(tmp_path_factory.mktemp("terminals"), 6)


@EDITIONS
def test_one_frame_at_a_time(module_gateway: Gateway, edition: int) -> None:
    """Registration, authentication, heartbeat, positions; the next is sent when the answer has come, alone."""
    start = int(time.time()) - 600
    with Terminal(module_gateway.county.port, phone(0), edition) as terminal:
        code = terminal.register()
        terminal.ask(AUTHENTICATE, authentication(edition, code))
        terminal.ask(HEARTBEAT)
        for second in range(10):
            terminal.ask(POSITION, position(start + edition + second))
            assert terminal.received == b""
        terminal.ask(BATCH, stored([position(start + edition + 10 + second) for second in range(3)]))
    assert {("B0000", start + edition + second) for second in range(13)} <= set(module_gateway.journaled())


@EDITIONS
def test_answers_are_numbered_from_0(port: int, edition: int) -> None:
    with Terminal(port, phone(0), edition) as terminal:
        for expected in range(3):
            terminal.send(terminal.frame(HEARTBEAT, serial=0x7E7D))
            answer = terminal.receive()
            assert answer is not None
            assert answer.serial == expected
            assert answer.answered == (0x7E7D, HEARTBEAT, 0)


@EDITIONS
def test_frames_that_stick_together_and_split_anywhere(module_gateway: Gateway, edition: int) -> None:
    """Two frames in two sends, cut at every byte of them in turn."""
    start = int(time.time()) - 4000
    with Terminal(module_gateway.county.port, phone(1), edition) as terminal:
        terminal.log_in()
        size = len(terminal.frame(HEARTBEAT) + terminal.frame(POSITION, position(start)))
        for cut in range(1, size):
            first = terminal.serial
            both = terminal.frame(HEARTBEAT) + terminal.frame(POSITION, position(start + cut))
            terminal.send(both[:cut])
            terminal.send(both[cut:])
            terminal.expect(HEARTBEAT, first)
            terminal.expect(POSITION, first + 1)
    assert {("B0001", start + cut) for cut in range(1, size)} <= set(module_gateway.journaled())


@EDITIONS
def test_everything_at_the_first_moment(module_gateway: Gateway, edition: int) -> None:
    """Registration, authentication with a code from before, and many positions in one send."""
    start = int(time.time()) - 600 - edition
    with Terminal(module_gateway.county.port, phone(2), edition) as terminal:
        code = terminal.log_in()
    with Terminal(module_gateway.county.port, phone(2), edition) as terminal:
        frames = [
            terminal.frame(REGISTER, registration(edition)),
            terminal.frame(AUTHENTICATE, authentication(edition, code)),
            *(terminal.frame(POSITION, position(start + second)) for second in range(MANY)),
        ]
        terminal.send(b"".join(frames))
        assert terminal.registered(0) == code
        terminal.expect(AUTHENTICATE, 1)
        for second in range(MANY):
            terminal.expect(POSITION, 2 + second)
    assert {("B0002", start + second) for second in range(MANY)} <= set(module_gateway.journaled())


@EDITIONS
def test_one_byte_at_a_time(port: int, edition: int) -> None:
    with Terminal(port, phone(3), edition) as terminal:
        terminal.log_in()
        serial = terminal.serial
        for byte in terminal.frame(POSITION, position(time.time() - edition)):
            terminal.send(bytes([byte]))
        terminal.expect(POSITION, serial)


@EDITIONS
def test_two_frames_that_share_a_flag(port: int, edition: int) -> None:
    with Terminal(port, phone(3), edition) as terminal:
        terminal.log_in()
        first = terminal.serial
        terminal.send(terminal.frame(HEARTBEAT)[:-1] + terminal.frame(POSITION, position(time.time() - edition)))
        terminal.expect(HEARTBEAT, first)
        terminal.expect(POSITION, first + 1)


def test_a_newer_connection_closes_the_older(module_gateway: Gateway) -> None:
    before = module_gateway.refused("session_superseded")
    with Terminal(module_gateway.county.port, phone(4)) as older:
        older.log_in()
        with Terminal(module_gateway.county.port, phone(4)) as newer:
            newer.log_in()
            assert older.receive() is None
            newer.ask(POSITION, position(time.time() - 5))
    assert module_gateway.refused("session_superseded") == before + 1


@EDITIONS
def test_escapes_in_serial_and_position(module_gateway: Gateway, edition: int) -> None:
    """7E and 7D as latitude, longitude and serial; they come back in the answer and stand in the journal."""
    moment = int(time.time()) - 100 - edition
    body = position(moment, latitude=0x017E7D7E / 1e6, longitude=0x067E7D7D / 1e6)
    assert b"\x7e\x7d\x7e" in body
    with Terminal(module_gateway.county.port, phone(5), edition) as terminal:
        terminal.log_in()
        for serial in (0x7E7E, 0x7D7D, 0x7D02, 0x007E):
            terminal.send(terminal.frame(POSITION, body, serial=serial))
            terminal.expect(POSITION, serial)
    assert ("B0005", moment) in module_gateway.journaled()


@EDITIONS
def test_a_phone_that_needs_the_escape_is_told_that_it_is_unknown(port: int, edition: int) -> None:
    with Terminal(port, ESCAPED_PHONE, edition) as terminal:
        terminal.send(terminal.frame(REGISTER, registration(edition)))
        answer = terminal.receive()
        assert answer is not None
        assert (answer.message, answer.body) == (0x8100, b"\x00\x00\x04")


def test_connections_are_counted_and_let_go(module_gateway: Gateway) -> None:
    with Terminal(module_gateway.county.port, phone(0)) as terminal:
        terminal.ask(HEARTBEAT)
        assert module_gateway.status()["connected_devices"] == 1
    eventually(lambda: module_gateway.status()["connected_devices"] == 0, "the connection is let go")


def test_nothing_of_all_this_raised_an_exception(module_gateway: Gateway) -> None:
    assert module_gateway.tracebacks() == 0
