"""A broker that misbehaves as it is told: enough of MQTT 3.1.1 and 5 for one client with a persistent session."""

from __future__ import annotations

import asyncio
import struct
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = (
    1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14,
)  # fmt: skip
V5 = 5


def never(_topic: str, _payload: bytes) -> bool:
    return False


@dataclass
class ScriptedBroker:
    """``taken``: what it accepted, by payload. Each hook is asked about every publish of the client.

    Attributes:
        drops: acknowledge it, and nothing more; ``holds``: return it only when ``release`` is called.
        mutes: take it, do not acknowledge it; ``ends``: end the connection instead of taking it.
        reason: the PUBACK's reason code (MQTT 5).
        codes: answer to a subscription, by the topic's last part; 1 where nothing stands.
        forgets: repeat nothing on a new connection.
        signs: of life, which none of the hooks is asked about; ``beaten`` says what becomes of each: its reason code,
            or None: the connection ends.
    """

    drops: Callable[[str, bytes], bool] = never
    holds: Callable[[str, bytes], bool] = never
    mutes: Callable[[str, bytes], bool] = never
    ends: Callable[[str, bytes], bool] = never
    reason: Callable[[str, bytes], int] = lambda _topic, _payload: 0
    codes: dict[str, int] = field(default_factory=dict)
    forgets: bool = False
    signs: list[tuple[str, bytes]] = field(default_factory=list)
    beaten: Callable[[], int | None] = lambda: 0
    mutes_signs: bool = False
    order_at_signs: list[int] = field(default_factory=list)
    """How many messages it had taken when each sign came."""
    will: tuple[str, bytes] | None = None
    """What it would say in the client's name."""
    tls: ssl.SSLContext | None = None
    is_deaf: bool = False
    """Takes connections and answers nothing."""
    taken: Counter[bytes] = field(default_factory=Counter)
    order: list[bytes] = field(default_factory=list)
    subscribed: list[str] = field(default_factory=list)
    unsubscribed: list[str] = field(default_factory=list)
    connections: int = 0
    closed: int = 0
    held: list[tuple[str, bytes]] = field(default_factory=list)
    unacknowledged: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    mid: int = 0
    version: int = 4
    writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        self.cut()

    def cut(self) -> None:
        """End the connection."""
        if self.writer is not None:
            self.writer.close()
            self.writer = None

    def release(self) -> None:
        """Return what was held."""
        held, self.held = self.held, []
        for topic, payload in held:
            self.say(topic, payload)

    def say(self, topic: str, payload: bytes, *, qos: int = 1, raw_topic: bytes = b"", retained: bool = False) -> int:
        """Deliver a message to the client; returns its packet id."""
        self.mid += 1
        if qos:
            self.unacknowledged[self.mid] = (topic, payload)
        self._publish(self.mid, raw_topic or topic.encode(), payload, qos=qos, flags=int(retained))
        return self.mid

    def repeat(self, mid: int) -> None:
        """Deliver it again, as a repetition."""
        topic, payload = self.unacknowledged[mid]
        self._publish(mid, topic.encode(), payload, flags=8)

    def _publish(self, mid: int, topic: bytes, payload: bytes, *, qos: int = 1, flags: int = 0) -> None:
        head = struct.pack(">H", len(topic)) + topic + (struct.pack(">H", mid) if qos else b"")
        self._send(PUBLISH, head + (b"\x00" if self.version == V5 else b"") + payload, flags | qos << 1)

    def _send(self, kind: int, body: bytes, flags: int = 0) -> None:
        if self.writer is None:
            return
        length, size = b"", len(body)
        while True:
            size, digit = size >> 7, size & 0x7F
            length += bytes((digit | (0x80 if size else 0),))
            if not size:
                break
        self.writer.write(bytes((kind << 4 | flags,)) + length + body)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if not self.is_deaf:
            self.writer = writer
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                kind, flags, body = await _packet(reader)
                if not self.is_deaf and (kind == DISCONNECT or not self._take(kind, flags, body)):
                    break
        self.closed += 1
        writer.close()

    def _take(self, kind: int, flags: int, body: bytes) -> bool:
        """Answer a packet; False ends the connection."""
        if kind == CONNECT:
            self.version = body[6]
            self.will = _will(body)
            self._send(CONNACK, b"\x01\x00" + (b"\x00" if self.version == V5 else b""))
            again = {} if self.forgets else dict(self.unacknowledged)
            self.unacknowledged = again
            for mid in again:
                self.repeat(mid)
        elif kind == SUBSCRIBE:
            self._subscribe(body)
        elif kind == UNSUBSCRIBE:
            topics = list(_topics(body[2 + (self.version == V5) :], 0))
            self.unsubscribed += topics
            self._send(UNSUBACK, body[:2] + (b"\x00" * (1 + len(topics)) if self.version == V5 else b""))
        elif kind == PINGREQ:
            self._send(PINGRESP, b"")
        elif kind == PUBACK:
            self.unacknowledged.pop(struct.unpack(">H", body[:2])[0], None)
        elif kind == PUBLISH:
            return self._published(flags, body)
        return True

    def _subscribe(self, body: bytes) -> None:
        topics = list(_topics(body[2 + (self.version == V5) :], 1))
        self.subscribed += topics
        codes = bytes(self.codes.get(topic.rpartition("/")[2], 1) for topic in topics)
        self._send(SUBACK, body[:2] + (b"\x00" if self.version == V5 else b"") + codes)

    def _published(self, _flags: int, body: bytes) -> bool:
        length = struct.unpack(">H", body[:2])[0]
        topic, mid = body[2 : 2 + length].decode(), body[2 + length : 4 + length]
        payload = body[4 + length + (self.version == V5) :]
        if topic.endswith("/gateway/alive"):
            self.signs.append((topic, payload))
            self.order_at_signs.append(len(self.order))
            reason = self.beaten()
            if reason is not None and not self.mutes_signs:
                self._acknowledge(mid, reason)
            return reason is not None
        if self.ends(topic, payload):
            return False
        reason = self.reason(topic, payload)
        is_taken = not self.drops(topic, payload) and reason == 0
        if is_taken:
            self.taken[payload] += 1
            self.order.append(payload)
        if not self.mutes(topic, payload):
            self._acknowledge(mid, reason)
        if is_taken and self.holds(topic, payload):
            self.held.append((topic, payload))
        elif is_taken and self._hears(topic):
            self.say(topic, payload)
        return True

    def _acknowledge(self, mid: bytes, reason: int) -> None:
        self._send(PUBACK, mid + (bytes((reason, 0)) if self.version == V5 and reason else b""))

    def _hears(self, topic: str) -> bool:
        last = "+" if "/alarm/" in topic else topic.rpartition("/")[2]
        return self.codes.get(last, 1) < 0x80


async def _packet(reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
    first = (await reader.readexactly(1))[0]
    length = shift = 0
    while True:
        digit = (await reader.readexactly(1))[0]
        length |= (digit & 0x7F) << shift
        shift += 7
        if not digit & 0x80:
            return first >> 4, first & 0x0F, await reader.readexactly(length)


def _will(body: bytes) -> tuple[str, bytes] | None:
    """Topic and payload of a CONNECT of MQTT 3.1.1, where they are there and to be kept, at QoS 1."""
    if body[6] == V5 or body[7] & 0x3C != 0x2C:
        return None
    fields, rest = [], body[10:]
    while rest and len(fields) < 3:
        length = struct.unpack(">H", rest[:2])[0]
        fields.append(rest[2 : 2 + length])
        rest = rest[2 + length :]
    return fields[1].decode(), fields[2]


def _topics(body: bytes, options: int):
    while body:
        length = struct.unpack(">H", body[:2])[0]
        yield body[2 : 2 + length].decode()
        body = body[2 + length + options :]
