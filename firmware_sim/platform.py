"""A platform that answers everything at once: the other end for runs without sockets."""

from __future__ import annotations

import struct

from firmware_sim.firmware.messages import DONE, Message, answer_body
from firmware_sim.firmware.wire import FrameReader, Received, build_frame

CODE = b"made-up"
"""The authentication code it hands out."""


class IdealPlatform:
    """Answers each frame of one bracelet in its own edition. ``received`` keeps what came, in order."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._reader = FrameReader()
        self._serial = 0

    def feed(self, data: bytes) -> bytes:
        """Take bytes in any split; returns the answers."""
        frames = self._reader.feed(data)
        self.received += frames
        return b"".join(self.answer(frame) for frame in frames)

    def answer(self, frame: Received) -> bytes:
        """8100 with a code to a registration, else 8001 with result 0."""
        registers = frame.message == Message.REGISTER
        message = Message.REGISTER_ANSWER if registers else Message.PLATFORM_ANSWER
        if registers:
            body = struct.pack(">HB", frame.serial, DONE) + CODE
        else:
            body = answer_body(frame.serial, frame.message, DONE)
        self._serial = (self._serial + 1) & 0xFFFF
        return build_frame(message, frame.phone, self._serial, body, frame.edition)
