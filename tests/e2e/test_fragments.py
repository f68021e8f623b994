"""Terminals of 2013 and 2019 that send their memory in fragments: shuffled, repeated, one lost, a kill between."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from gateway_process import eventually
from plain_terminal import BATCH, HEARTBEAT, RESEND, DatagramTerminal, Terminal, position, stored
from pressed_county import phone

from gateway.demo.broker import free_port
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.replay.reading import PolicyShelf, merged

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway_process import Gateway

REPORTS = 90
"""Of 34 bytes each: four fragments."""
UDP_PORT = free_port()
ON_UDP = 10
"""First of the bracelets that send datagrams."""
WAYS = pytest.mark.parametrize("way", ["tcp", "udp"])
EDITIONS = pytest.mark.parametrize("edition", [2013, 2019])


@pytest.fixture(scope="module")
def module_gateway(tmp_path_factory: pytest.TempPathFactory, gateway_of: Callable[..., Gateway]) -> Gateway:
    """One daemon for all terminals of this file."""
    return gateway_of(tmp_path_factory.mktemp("fragments"), 2 * ON_UDP, UDP_PORT)


def terminal_of(gateway: Gateway, way: str, number: int, edition: int) -> Terminal:
    if way == "udp":
        return DatagramTerminal(UDP_PORT, phone(number), edition)
    return Terminal(gateway.county.port, phone(number), edition)


def memory(start: int) -> bytes:
    body = stored([position(start + 10 * number) for number in range(REPORTS)])
    assert len(body) > 3000
    return body


def times(gateway: Gateway, device: str) -> list[int]:
    """Device times that the engine takes from the journal for a device, in log order, each as often as it counts."""
    seen: list[int] = []
    journal = FileJournal(gateway.county.storage / "journal", read_only=True)
    state, policies = EngineState(), PolicyShelf(journal)

    def look(context, rows) -> None:  # type: ignore[no-untyped-def]
        devices = context.policy.devices
        seen.extend(
            round(float(context.reports.time[row])) for row in rows if devices[context.reports.device[row]] == device
        )

    for first, batch in merged(journal, 0, journal.next_offset):
        step(state, batch, policies, look, first=first)
    return seen


def begin(edition: int) -> int:
    """Six hours ago, and apart for the editions: their terminals are the same bracelet."""
    return int(time.time()) - 6 * 3600 + (edition - 2013) * 1000


@WAYS
@EDITIONS
def test_in_order(module_gateway: Gateway, edition: int, way: str) -> None:
    start, device = begin(edition), edition - 2013 + ON_UDP * (way == "udp")
    with terminal_of(module_gateway, way, device, edition) as terminal:
        terminal.log_in()
        first = terminal.serial
        for index, raw in enumerate(terminal.fragments(BATCH, memory(start))):
            terminal.send(raw)
            terminal.expect(BATCH, first + index)
        terminal.ask(HEARTBEAT)
    assert times(module_gateway, f"B{device:04d}") == [start + 10 * number for number in range(REPORTS)]
    journaled = [kind for kind, origin, _, _ in module_gateway.journal() if origin.device == f"B{device:04d}"]
    assert journaled.count(EntryKind.FRAGMENT) == 4


@WAYS
@EDITIONS
def test_shuffled_and_repeated_in_one_send(module_gateway: Gateway, edition: int, way: str) -> None:
    start, device = begin(edition), 1 + (edition - 2013) // 6 + ON_UDP * (way == "udp")
    with terminal_of(module_gateway, way, device, edition) as terminal:
        terminal.log_in()
        terminal.serial = first = 0xFFFE
        frames = terminal.fragments(BATCH, memory(start))
        order = (2, 0, 3, 1, 1, 0)
        terminal.send(b"".join(frames[index] for index in order))
        for index in order:
            terminal.expect(BATCH, (first + index) & 0xFFFF)
        terminal.ask(HEARTBEAT)
    assert times(module_gateway, f"B{device:04d}") == [start + 10 * number for number in range(REPORTS)]
    eventually(lambda: module_gateway.status()["counted"].get("fragment_repeated", 0) >= 2, "repeats are counted")


@WAYS
@EDITIONS
def test_a_lost_one_is_asked_for(module_gateway: Gateway, edition: int, way: str) -> None:
    start, device = begin(edition), 3 + (edition - 2013) // 6 + ON_UDP * (way == "udp")
    with terminal_of(module_gateway, way, device, edition) as terminal:
        terminal.log_in()
        first = terminal.serial
        frames = terminal.fragments(BATCH, memory(start))
        for index in (0, 2):
            terminal.send(frames[index])
            terminal.expect(BATCH, first + index)
        terminal.send(frames[3])
        # Nothing durable hangs on the wish, so it may overtake the answer.
        said = [terminal.receive(), terminal.receive()]
        answers = [one for one in said if one is not None and one.message != RESEND]
        (wish,) = [one for one in said if one is not None and one.message == RESEND]
        assert [one.answered for one in answers] == [(first + 3, BATCH, 0)]
        assert terminal.wish(wish) == (first, (2,))
        terminal.send(frames[1])
        terminal.expect(BATCH, first + 1)
        terminal.ask(HEARTBEAT)
    assert times(module_gateway, f"B{device:04d}") == [start + 10 * number for number in range(REPORTS)]


@EDITIONS
def test_a_kill_in_the_middle_loses_nothing(make_gateway: Callable[..., Gateway], edition: int) -> None:
    """What was acknowledged before the kill is not sent again; the message is whole all the same, once."""
    gateway, start = make_gateway(), begin(edition)
    with Terminal(gateway.county.port, phone(0), edition) as terminal:
        terminal.log_in()
        first = terminal.serial
        frames = terminal.fragments(BATCH, memory(start))
        for index in (0, 1):
            terminal.send(frames[index])
            terminal.expect(BATCH, first + index)
        gateway.kill()
    gateway.start()
    with Terminal(gateway.county.port, phone(0), edition) as terminal:
        terminal.log_in()
        for index in (2, 3):
            terminal.send(frames[index])
            terminal.expect(BATCH, first + index)
        terminal.ask(HEARTBEAT)
    assert times(gateway, "B0000") == [start + 10 * number for number in range(REPORTS)]
    assert gateway.status()["counted"].get("fragment_timeout", 0) == 0
    assert gateway.tracebacks() == 0


def test_nothing_of_all_this_raised_an_exception(module_gateway: Gateway) -> None:
    assert module_gateway.tracebacks() == 0
