"""GT06 frames. The simulator's own code, so that it checks the gateway's.

    78 78 | length B | message B | content | serial W | CRC W | 0D 0A        79 79 | length W | ... for long ones

The length counts message to CRC; the CRC-16/X-25 runs over length to serial. Source: protocol notes, section 4.1.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SHORT, LONG, TRAILER = b"\x78\x78", b"\x79\x79", b"\r\n"
LONGEST_FRAME = 2048
"""Bytes that are kept in the hope of a frame's end."""
_AFTER_CONTENT = 4
"""Bytes of serial and CRC."""
_LEAST = 5
"""What a frame without content states: message, serial, CRC."""


def crc(data: bytes) -> int:
    """CRC-16/X-25, bit by bit: 1021 hex, reflected; 906E for ``123456789``."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value ^ 0xFFFF


@dataclass(frozen=True, slots=True)
class Received:
    """A frame of the platform, taken apart."""

    message: int
    serial: int
    content: bytes


def build_frame(message: int, content: bytes, serial: int, *, is_long: bool = False, excess: int = 0) -> bytes:
    """A whole frame; ``excess`` bytes more are declared than there are.

    Raises:
        ValueError: the content is too long for the short form.
    """
    width = 2 if is_long else 1
    size = 1 + len(content) + _AFTER_CONTENT + excess
    if size >= 1 << 8 * width:
        raise ValueError(f"{len(content)} bytes of content do not fit into the short form")
    checked = size.to_bytes(width) + struct.pack(">B", message) + content + struct.pack(">H", serial)
    return (LONG if is_long else SHORT) + checked + struct.pack(">H", crc(checked)) + TRAILER


class FrameReader:
    """Cuts bytes into frames; what is broken is counted and left out.

    A frame ends where its length says, or, if that is no end, at the first trailer that makes the CRC right.
    """

    def __init__(self) -> None:
        self._rest = b""
        self.broken = 0

    def feed(self, data: bytes) -> list[Received]:
        """Take bytes in any split; return the frames that became whole."""
        self._rest += data
        frames = []
        while (size := self._next_size()) and len(self._rest) >= size:
            frame = _parse(self._rest[:size])
            self.broken += frame is None
            # A broken one may have hidden the start of the next: go on right behind its own.
            self._rest = self._rest[size if frame else len(SHORT) :]
            frames += [frame] if frame else []
        return frames

    def _next_size(self) -> int:
        """Drop what stands before a start; bytes of the frame that begins there, 0 while that cannot be told."""
        starts = [at for at in (self._rest.find(SHORT), self._rest.find(LONG)) if at >= 0]
        self._rest = self._rest[min(starts) :] if starts else self._rest[-1:]
        width = 2 if self._rest.startswith(LONG) else 1
        if len(self._rest) < len(SHORT) + width:
            return 0
        size = len(SHORT) + width + int.from_bytes(self._rest[2 : 2 + width]) + len(TRAILER)
        if size <= len(self._rest) and _parse(self._rest[:size]):
            return size
        return self._sound_size() or (size if size <= LONGEST_FRAME else len(SHORT))

    def _sound_size(self) -> int:
        """Bytes up to the first trailer that makes the CRC right; 0 when none does."""
        end = self._rest.find(TRAILER)
        while end >= 0:
            if _parse(self._rest[: end + len(TRAILER)]):
                return end + len(TRAILER)
            end = self._rest.find(TRAILER, end + 1)
        return 0


def _parse(frame: bytes) -> Received | None:
    """A frame, its stated length aside; None where its end or its CRC is wrong."""
    width = 2 if frame.startswith(LONG) else 1
    checked, end = frame[2:-4], frame[-4:]
    if len(checked) < width + _LEAST - 2 or end != struct.pack(">H", crc(checked)) + TRAILER:
        return None
    return Received(checked[width], int.from_bytes(checked[-2:]), checked[width + 1 : -2])
