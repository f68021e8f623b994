"""A crowd at the gateway's doors: each kind of hostile connection, and datagrams from ports that change."""

from __future__ import annotations

import random
import selectors
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from plain_terminal import AUTHENTICATE, BATCH, POSITION, REGISTER, position, registration, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT_ONCE = 16
"""Frames of a flood in one write."""
BEGUN = 40
"""Messages that one connection begins in fragments and does not end."""
UNKNOWN = 15_000_000_000
PAUSE = 0.05
"""Seconds between two rounds of the crowd."""


def _frame(message: int, phone: int, serial: int, body: bytes, flags: int = 0, more: bytes = b"") -> bytes:
    head = message.to_bytes(2, "big") + (flags | len(body)).to_bytes(2, "big") + bytes.fromhex(f"{phone:012d}")
    return wrap(head + serial.to_bytes(2, "big") + more + body)


def slow(_: int, unknown: Iterator[int], __: int) -> Iterator[bytes]:
    """A byte at a time of a frame that does not end."""
    yield from (bytes([byte]) for byte in _frame(POSITION, next(unknown), 1, position(0))[:-1])


def rubbish(number: int, _: Iterator[int], __: int) -> Iterator[bytes]:
    """What is no frame."""
    draw = random.Random(number)  # noqa: S311  noise
    while True:
        yield draw.randbytes(512)


def half_login(_: int, unknown: Iterator[int], __: int) -> Iterator[bytes]:
    """It registers, and that is all."""
    yield _frame(REGISTER, next(unknown), 1, registration(2013))


def wrong_code(_: int, __: Iterator[int], known: int) -> Iterator[bytes]:
    """A known bracelet's number with a code that it was not given."""
    yield _frame(AUTHENTICATE, known, 1, b"not-the-code")


def flood(_: int, unknown: Iterator[int], __: int) -> Iterator[bytes]:
    """Whole frames of one unknown terminal, as many as go."""
    phone = next(unknown)
    while True:
        yield _frame(POSITION, phone, 1, position(0)) * AT_ONCE


def strangers(_: int, unknown: Iterator[int], __: int) -> Iterator[bytes]:
    """Each frame of another unknown terminal."""
    while True:
        yield b"".join(_frame(POSITION, next(unknown), 1, position(0)) for _ in range(AT_ONCE))


def fragments(number: int, _: Iterator[int], known: int) -> Iterator[bytes]:
    """First parts of long messages in a known bracelet's name."""
    for turn in range(BEGUN):
        serial, more = (number * BEGUN + turn) & 0xFFFF, (3).to_bytes(2, "big") + (1).to_bytes(2, "big")
        yield _frame(BATCH, known, serial, bytes(800), 0x2000, more)


KINDS: tuple[Callable[[int, Iterator[int], int], Iterator[bytes]], ...] = (
    slow, rubbish, half_login, wrong_code, flood, strangers, fragments,
)  # fmt: skip


class Crowd:
    """Hostile connections that come again when they are closed, on a thread of their own; and datagrams.

    Args:
        port, udp: where the gateway listens.
        size: connections, by turns of all kinds.
        known: number of a bracelet in whose name some speak.
        most: rounds in which each says something; then they stay, and say nothing more.

    Attributes:
        connected: how many connections were made; ``datagrams``: how many were sent, each from a port of its own.
        rounds: how many of them are over. ``unknown``: how many numbers of terminals were made up.
    """

    def __init__(self, port: int, udp: int, size: int, known: int, most: int) -> None:
        self._port, self._udp, self._known, self._most = port, udp, known, most
        self.connected = self.datagrams = self.rounds = self.unknown = 0
        self._unknown = self._made_up()
        self._says: dict[socket.socket, Iterator[bytes]] = {}
        self._away = list(range(size))
        self._number: dict[socket.socket, int] = {}
        self._closed = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def _made_up(self) -> Iterator[int]:
        """Numbers of terminals that nobody knows, each its own."""
        while True:
            self.unknown += 1
            yield UNKNOWN + self.unknown

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        for line in self._says:
            line.close()
        self._closed.close()

    def _go_on(self) -> None:
        while self.rounds < self._most and not self._stop.wait(PAUSE):
            for number in self._away:
                self._come(number)
            self._away = []
            for line in list(self._says):
                self._say(line)
            self._datagrams()
            for key, _ in self._closed.select(0):
                self._hear(key.fileobj)  # type: ignore[arg-type]
            self.rounds += 1

    def _come(self, number: int) -> None:
        line = socket.create_connection(("127.0.0.1", self._port), 60.0)
        line.setblocking(False)  # noqa: FBT003  socket
        self._says[line] = KINDS[number % len(KINDS)](number, self._unknown, self._known)
        self._number[line] = number
        self._closed.register(line, selectors.EVENT_READ)
        self.connected += 1

    def _say(self, line: socket.socket) -> None:
        """What the other end does not take is left out."""
        with suppress(OSError):
            line.send(next(self._says[line], b""))

    def _hear(self, line: socket.socket) -> None:
        """Answers are thrown away; who is closed comes again."""
        with suppress(BlockingIOError):
            try:
                if line.recv(65_536):
                    return
            except ConnectionError:
                pass
            self._closed.unregister(line)
            del self._says[line]
            self._away.append(self._number.pop(line))
            line.close()

    def _datagrams(self) -> None:
        """Ten of them, each from another port and of another unknown terminal; one is no frame."""
        for turn in range(10):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
                said = b"rubbish" if turn == 0 else _frame(POSITION, next(self._unknown), 1, position(0))
                line.sendto(said, ("127.0.0.1", self._udp))
                self.datagrams += 1
