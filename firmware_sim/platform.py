"""Platforms that answer everything at once: the other end for runs without a gateway, one a family."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from firmware_sim.firmware.gt06 import wire as gt06
from firmware_sim.firmware.gt06.contents import Message as Gt06Message
from firmware_sim.firmware.messages import DONE, Message, answer_body
from firmware_sim.firmware.wire import FrameReader, Received, build_frame

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = b"made-up"
"""The authentication code it hands out."""
_SILENTLY_TAKEN = frozenset({Gt06Message.ORDER_ANSWER, Gt06Message.LONG_ORDER_ANSWER})


class Platform(Protocol):
    """The other end of one bracelet's link."""

    def feed(self, data: bytes, now: float = 0.0) -> bytes:
        """Take bytes in any split at ``now`` (UTC epoch seconds, for answers with the time); returns the answers."""
        ...


class IdealPlatform:
    """JT/T 808: answers each frame of one bracelet in its own edition. ``received`` keeps what came, in order.

    A frame whose declared length is wrong is taken for what its flags say.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._reader = FrameReader(is_length_checked=False)
        self._serial = 0

    def feed(self, data: bytes, now: float = 0.0) -> bytes:
        """Take bytes in any split; returns the answers."""
        frames = self._reader.feed(data)
        self.received += frames
        return b"".join(self.answer(frame, now) for frame in frames)

    def answer(self, frame: Received, now: float = 0.0) -> bytes:
        """8100 with a code to a registration, the time to who asks for it, else 8001 with result 0."""
        message, body = _ANSWERS.get(frame.message, _general)(frame, now)
        self._serial = (self._serial + 1) & 0xFFFF
        return build_frame(message, frame.phone, self._serial, body, frame.edition)


def _general(frame: Received, _now: float) -> tuple[Message, bytes]:
    return Message.PLATFORM_ANSWER, answer_body(frame.serial, frame.message, DONE)


def _registered(frame: Received, _now: float) -> tuple[Message, bytes]:
    return Message.REGISTER_ANSWER, struct.pack(">HB", frame.serial, DONE) + CODE


def _time(_frame: Received, now: float) -> tuple[Message, bytes]:
    """8004: BCD[6], UTC."""
    return Message.SERVER_TIME, bytes.fromhex(datetime.fromtimestamp(now, UTC).strftime("%y%m%d%H%M%S"))


def _maker_time(_frame: Received, now: float) -> tuple[Message, bytes]:
    """8109: year W, month, day, hour, minute, second B, result B, UTC."""
    moment = datetime.fromtimestamp(now, UTC)
    return Message.MAKER_TIME, struct.pack(">H", moment.year) + bytes((*moment.timetuple()[1:6], DONE))


_ANSWERS: dict[int, Callable[[Received, float], tuple[Message, bytes]]] = {
    Message.REGISTER: _registered,
    Message.ASK_TIME: _time,
    Message.MAKER_ASK_TIME: _maker_time,
}


class IdealGt06Platform:
    """GT06: acknowledges each frame but answers to orders. ``received`` keeps what came, in order."""

    def __init__(self) -> None:
        self.received: list[gt06.Received] = []
        self._reader = gt06.FrameReader()

    def feed(self, data: bytes, now: float = 0.0) -> bytes:
        """Take bytes in any split; returns the answers."""
        frames = self._reader.feed(data)
        self.received += frames
        return b"".join(self._answer(frame, now) for frame in frames if frame.message not in _SILENTLY_TAKEN)

    def _answer(self, frame: gt06.Received, now: float) -> bytes:
        """The same number and serial; to 8A with the time, UTC."""
        moment = datetime.fromtimestamp(now, UTC)
        clock = bytes((moment.year % 100, *moment.timetuple()[1:6]))
        return gt06.build_frame(frame.message, clock if frame.message == Gt06Message.ASK_TIME else b"", frame.serial)


class IdealR16hPlatform:
    """R16H: never answers. ``received`` keeps the sentences, without their ends, in order."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self._rest = b""

    def feed(self, data: bytes, now: float = 0.0) -> bytes:
        """Take bytes in any split."""
        del now
        *whole, self._rest = (self._rest + data).split(b"$")
        self.received += whole
        return b""


PLATFORMS: dict[str, Callable[[], Platform]] = {
    "jt808": IdealPlatform,
    "jt808-2011": IdealPlatform,
    "gt06": IdealGt06Platform,
    "r16h": IdealR16hPlatform,
}
"""By a family's name in ``firmware_sim.firmware.families``."""
