"""A JT/T 808 terminal on a plain socket, written from the standard's text alone: it shares no code with the gateway.

JT/T 808-2013 and -2019, sections 4.4 (header, escape, check code), 8.1-8.8 and 8.18.
"""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

FLAG = b"\x7e"
REGISTER, HEARTBEAT, AUTHENTICATE, POSITION, BATCH = 0x0100, 0x0002, 0x0102, 0x0200, 0x0704
GENERAL_ANSWER, REGISTER_ANSWER, RESEND = 0x8001, 0x8100, 0x8003
SOS, BATTERY_LOW, STRAP_CUT = 1, 1 << 15, 1 << 17
LOCATED = 2
PATIENCE = 120.0


def check_code(data: bytes) -> int:
    code = 0
    for byte in data:
        code ^= byte
    return code


def wrap(content: bytes) -> bytes:
    """Check code, escape, flags."""
    escaped = bytearray()
    for byte in content + bytes([check_code(content)]):
        escaped += {0x7E: b"\x7d\x02", 0x7D: b"\x7d\x01"}.get(byte, bytes([byte]))
    return FLAG + bytes(escaped) + FLAG


def unwrap(wire: bytes) -> bytes:
    """Header and body of a frame with its flags; the check code is checked."""
    assert wire[:1] == FLAG
    assert wire[-1:] == FLAG
    inside, content, at = wire[1:-1], bytearray(), 0
    while at < len(inside):
        if inside[at] == 0x7D:
            content.append({1: 0x7D, 2: 0x7E}[inside[at + 1]])
            at += 1
        else:
            content.append(inside[at])
        at += 1
    assert check_code(content) == 0
    return bytes(content[:-1])


def local(moment: float) -> bytes:
    """BCD[6] in GMT+8."""
    clock = datetime.fromtimestamp(moment, UTC) + timedelta(hours=8)
    return bytes.fromhex(f"{clock:%y%m%d%H%M%S}")


def position(moment: float, *, alarm: int = 0, latitude: float = 24.33, longitude: float = 109.42) -> bytes:
    """Body of a 0200 with a mileage item."""
    fixed = struct.pack(">IIIIHHH", alarm, LOCATED, round(latitude * 1e6), round(longitude * 1e6), 90, 12, 45)
    return fixed + local(moment) + bytes.fromhex("010400000064")


def stored(bodies: list[bytes]) -> bytes:
    """Body of a 0704."""
    return struct.pack(">HB", len(bodies), 1) + b"".join(struct.pack(">H", len(body)) + body for body in bodies)


def registration(edition: int, terminal: bytes = b"A000001") -> bytes:
    if edition == 2019:
        return struct.pack(">HH11s30s30sB", 45, 100, b"MAKER", b"BRACELET-1", terminal, 0) + b"none"
    return struct.pack(">HH5s20s7sB", 45, 100, b"MAKER", b"BRACELET-1", terminal, 0) + b"none"


def authentication(edition: int, code: bytes) -> bytes:
    if edition == 2019:
        return bytes([len(code)]) + code + b"123456789012345" + b"V1.0".ljust(20, b"\0")
    return code


@dataclass(frozen=True)
class Answer:
    """An answer of the platform, taken apart."""

    message: int
    attributes: int
    version: int
    phone: bytes
    serial: int
    body: bytes

    @property
    def answered(self) -> tuple[int, int, int]:
        """Serial, message and result of a general answer."""
        assert self.message == GENERAL_ANSWER
        assert len(self.body) == 5
        return struct.unpack(">HHB", self.body)


@dataclass
class Terminal:
    """One terminal, connected."""

    port: int
    phone: str
    edition: int = 2013
    serial: int = 0
    received: bytes = b""
    line: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.line = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.line.close()

    @property
    def address(self) -> bytes:
        return bytes.fromhex(self.phone.zfill(20 if self.edition == 2019 else 12))

    def frame(self, message: int, body: bytes = b"", serial: int | None = None) -> bytes:
        """A frame under the next serial, or a given one."""
        number = self.serial if serial is None else serial
        self.serial = (number + 1) & 0xFFFF
        attributes = 0x4000 | len(body) if self.edition == 2019 else len(body)
        version = b"\x01" if self.edition == 2019 else b""
        head = struct.pack(">HH", message, attributes) + version + self.address + struct.pack(">H", number)
        return wrap(head + body)

    def fragments(self, message: int, body: bytes, size: int = 1000) -> list[bytes]:
        """A message too long for one frame, cut, under consecutive serials."""
        parts = [body[at : at + size] for at in range(0, len(body), size)]
        return [self._fragment(message, part, len(parts), index) for index, part in enumerate(parts, 1)]

    def _fragment(self, message: int, body: bytes, total: int, index: int) -> bytes:
        long = self.edition == 2019
        head = struct.pack(">HH", message, (0x6000 if long else 0x2000) | len(body)) + (b"\x01" if long else b"")
        head += self.address + struct.pack(">HHH", self.serial, total, index)
        self.serial = (self.serial + 1) & 0xFFFF
        return wrap(head + body)

    def wish(self, answer: Answer) -> tuple[int, tuple[int, ...]]:
        """What a wish for fragments (8003) names: the first one's serial, and their indices."""
        assert answer.message == RESEND
        width, head = ("H", 4) if self.edition == 2019 else ("B", 3)
        first, count = struct.unpack_from(f">H{width}", answer.body)
        assert len(answer.body) == head + 2 * count
        return first, struct.unpack_from(f">{count}H", answer.body, head)

    def send(self, data: bytes) -> None:
        self.line.sendall(data)

    def receive(self, patience: float = PATIENCE) -> Answer | None:
        """The next answer; None when the gateway has closed the line.

        Raises:
            TimeoutError: nothing came.
        """
        deadline = time.monotonic() + patience
        while self.received.count(FLAG) < 2:
            self.line.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                data = self.line.recv(65536)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self.received += data
        end = self.received.index(FLAG, 1) + 1
        wire, self.received = self.received[:end], self.received[end:]
        return self._read(unwrap(wire))

    def _read(self, content: bytes) -> Answer:
        """Checks what every answer must have: the edition and phone bytes of the question, the right length."""
        message, attributes = struct.unpack_from(">HH", content)
        long = self.edition == 2019
        assert bool(attributes & 0x4000) == long
        version, phone = (content[4], content[5:15]) if long else (-1, content[4:10])
        head = 17 if long else 12
        assert phone == self.address
        assert version == (1 if long else -1)
        assert attributes & 0x03FF == len(content) - head
        return Answer(
            message, attributes, version, phone, struct.unpack_from(">H", content, head - 2)[0], content[head:]
        )

    def expect(self, message: int, serial: int, result: int = 0) -> None:
        """The next answer is a general one to that message and serial."""
        answer = self.receive()
        assert answer is not None, "the gateway closed the line"
        assert answer.answered == (serial, message, result)

    def ask(self, message: int, body: bytes = b"", result: int = 0) -> None:
        """Send and see it answered."""
        serial = self.serial
        self.send(self.frame(message, body))
        self.expect(message, serial, result)

    def register(self) -> bytes:
        """Register; returns the authentication code."""
        serial = self.serial
        self.send(self.frame(REGISTER, registration(self.edition)))
        return self.registered(serial)

    def registered(self, serial: int) -> bytes:
        """The next answer is a registration's; returns its code."""
        answer = self.receive()
        assert answer is not None
        assert answer.message == REGISTER_ANSWER
        assert struct.unpack_from(">HB", answer.body) == (serial, 0)
        assert answer.body[3:]
        return answer.body[3:]

    def log_in(self) -> bytes:
        """Register and authenticate; returns the code."""
        code = self.register()
        self.ask(AUTHENTICATE, authentication(self.edition, code))
        return code


@dataclass
class DatagramTerminal(Terminal):
    """One terminal that sends datagrams."""

    def __post_init__(self) -> None:
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.connect(("127.0.0.1", self.port))
