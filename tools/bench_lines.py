"""One bracelet's line under load, by TCP or by UDP: plain sockets, for the load shares the machine with what it measures."""

from __future__ import annotations

import socket
import struct
from collections import deque
from typing import TYPE_CHECKING

from bench_county import number_of
from bench_frames import WIRES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PER_SOURCE = 20_000
"""Connections from one address: the system has 28,232 ports to give."""
READ = 65_536
PATIENCE = 120.0
_IP_PKTINFO = 8
_PACKET_INFO = struct.Struct("@i4s4s")
_PHONE = slice(5, 11)
"""Where an answer of JT/T 808 says whose it is."""


class Line:
    """One bracelet.

    Attributes:
        number: of the next report.
        sent: when the reports that wait for an answer went out, or were to go out; the oldest first.
        send: writes to the socket.
        handle: of its socket; -1 where it shares one.
    """

    __slots__ = ("_made", "_moment", "_owed", "_wire", "bracelet", "handle", "number", "receive", "send", "sent")

    def __init__(self, protocol: str, device: int, first: int, moment: Callable[[int], int]) -> None:
        self._wire = WIRES[protocol]
        self.bracelet = self._wire.bracelet(device)
        self.number = first
        self.sent: deque[float] = deque()
        self._made: deque[bytes] = deque()
        self._moment = moment
        self._owed = 0
        self.handle = -1
        self.send: Callable[[bytes], object] = len
        self.receive: Callable[[int], bytes] = bytes

    def make(self) -> None:
        """Encode one report ahead."""
        number = self.number + len(self._made)
        self._made.append(self.bracelet.report(number, self._moment(number)))

    def next(self) -> bytes:
        """The next report."""
        number = self.number
        self.number += 1
        return self._made.popleft() if self._made else self.bracelet.report(number, self._moment(number))

    def emergency(self) -> bytes:
        """The next report, with the button pressed; nothing is encoded ahead of it."""
        self.number += 1
        return self.bracelet.sos(self.number - 1, self._moment(self.number - 1))

    def answers(self, data: bytes) -> int:
        """How many answers end with what was read."""
        flag = self._wire.flag
        whole, self._owed = divmod(self._owed + (data.count(flag) if flag else len(data)), self._wire.a_piece)
        return whole

    def report(self, moments: Sequence[float]) -> None:
        """Send a report for each moment, in one write."""
        self.sent += moments
        self.send(self.next() if len(moments) == 1 else b"".join(self.next() for _ in moments))

    def connect(self, port: int, place: int) -> None:
        """By TCP, from the address of its place among all; logged in where its wire asks for that."""
        line = socket.socket()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if place >= PER_SOURCE:
            line.bind((f"127.0.0.{1 + place // PER_SOURCE}", 0))
        line.settimeout(PATIENCE)
        line.connect(("127.0.0.1", port))
        if login := self.bracelet.login():
            line.sendall(login)
            while not self.answers(line.recv(READ)):
                pass
        line.setblocking(False)  # noqa: FBT003  socket
        self.handle, self.send, self.receive = line.fileno(), line.send, line.recv
        _OPEN.append(line)


_OPEN: list[socket.socket] = []
"""Nobody closes them before the end."""


class Datagrams:
    """Many UDP peers behind one socket: each sends from a loopback address of its own, and gets its answers there."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("", 0))
        self.socket.setblocking(False)  # noqa: FBT003  socket
        self._lines: dict[int, Line] = {}

    def join(self, line: Line, device: int) -> None:
        """Let a line send by this socket."""
        source = bytes((127, 1 + (device >> 16), device >> 8 & 0xFF, device & 0xFF))
        said = [(socket.IPPROTO_IP, _IP_PKTINFO, _PACKET_INFO.pack(0, source, bytes(4)))]
        line.send = lambda data: self.socket.sendmsg([data], said, 0, self._to)
        self._lines[device] = line

    def heard(self) -> tuple[Line, bytes] | None:
        """One answer, and whose; None: no more is there."""
        try:
            data = self.socket.recv(READ)
        except BlockingIOError:
            return None
        return self._lines[number_of(data[_PHONE].hex())], data
