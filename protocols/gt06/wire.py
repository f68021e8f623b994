"""GT06 on the wire.

``78 78 | length B | message B | content | serial W | CRC W | 0D 0A``; ``79 79 | length W | ...`` for long ones. The
length counts message to CRC; the CRC-16/X-25 runs over length to serial. Nothing is escaped, so 0D 0A may stand inside.

Two messages, 17 and 69 in the WiFi form, have neither serial nor CRC: ``78 78 | count of access points B | message B |
BCD time 6 | {BSSID 6, level B} | cells B, MCC W, MNC B, {LAC W, CI W, level B} | 0D 0A``. The count is read with the
content, which begins there.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocols.errors import PeerFault
from protocols.framing import TRUST_TRAILER
from protocols.gt06.crc import crc16

SHORT, LONG = b"\x78\x78", b"\x79\x79"
STARTS = (SHORT, LONG)
TRAILER = b"\r\n"
LONG_FORM = 0x100
"""Added to a message number: the same number in a 79 79 frame is another message to some makers."""
CAP = 2048
"""Longest frame taken: the long form's length could announce 64 KiB, the longest real message has some 1,100."""
SMALLEST = 10
WIFI_MESSAGES = (0x17, 0x69)
_WIFI_HEAD, _ACCESS_POINT, _CELL = 10, 7, 5
_CELLS_HEAD = 4


@dataclass(frozen=True, slots=True)
class Envelope:
    """A frame taken apart.

    Attributes:
        message: number, plus :data:`LONG_FORM` in a 79 79 frame.
        start, end: where the content stands in the frame; in the form without CRC it includes count and message.
        serial: the device's; -1 where the form has none.
        sound: the CRC is right; None where the form has none.
        length_ok: the stated length is the real one; None where the form states none.
    """

    message: int
    start: int
    end: int
    serial: int
    sound: bool | None
    length_ok: bool | None


def wifi_length(frame: bytes) -> int:
    """Length of the CRC-less WiFi frame that begins so: 0 while too little of it is there to tell."""
    cells_at = _WIFI_HEAD + _ACCESS_POINT * frame[2]
    if len(frame) <= cells_at:
        return 0
    return cells_at + _CELLS_HEAD + _CELL * frame[cells_at] + len(TRAILER)


def stated_length(frame: bytes) -> int:
    """Length of a frame by its own word; ``frame`` has at least 4 bytes."""
    if frame.startswith(SHORT):
        return frame[2] + 5
    return int.from_bytes(frame[2:4], "big") + 6


def measure(frame: bytes) -> int:
    """How long the frame is that begins ``frame``, for :class:`protocols.framing.TrailedDeframer`.

    Returns:
        Its length; 0: not enough is there to tell; ``TRUST_TRAILER``: what it states is not so.
    """
    if len(frame) < 4:  # noqa: PLR2004  # start, length, message
        return 0
    length = stated_length(frame)
    if frame[3] in WIFI_MESSAGES and frame.startswith(SHORT):
        return length if len(frame) >= length and is_sound(frame[:length]) else _measure_wifi(frame)
    if not SMALLEST <= length <= CAP:
        return TRUST_TRAILER
    if len(frame) < length:
        return 0
    return length if frame[length - 2 : length] == TRAILER else TRUST_TRAILER


def _measure_wifi(frame: bytes) -> int:
    length = wifi_length(frame)
    if not length or len(frame) < length:
        return 0
    return length if frame[length - 2 : length] == TRAILER else TRUST_TRAILER


def is_sound(frame: bytes) -> bool:
    """Whether this is a whole frame with a right CRC, or a whole frame of the form that has none."""
    try:
        found = open_frame(frame)
    except PeerFault:
        return False
    return found.sound is not False


def open_frame(frame: bytes) -> Envelope:
    """Take a frame apart.

    Where neither length nor CRC is right, nothing says that serial and CRC are there at all: the content is then
    everything up to the trailer (its serial is still looked for at its place, so that an answer can be tried).

    Raises:
        PeerFault: ``short_frame``.
    """
    is_long = frame.startswith(LONG)
    if len(frame) < 5 or not frame.endswith(TRAILER) or not frame.startswith(STARTS):  # noqa: PLR2004  # a head and its end
        raise PeerFault("short_frame", "a frame begins with 78 78 or 79 79 and ends with 0D 0A")
    message = frame[4 if is_long else 3] | (LONG_FORM if is_long else 0)
    crc_right = len(frame) >= SMALLEST and crc16(frame[2:-4]) == int.from_bytes(frame[-4:-2], "big")
    if not crc_right and message in WIFI_MESSAGES and wifi_length(frame) == len(frame):
        return Envelope(message, 2, len(frame) - 2, -1, None, None)
    if len(frame) < SMALLEST + is_long:
        raise PeerFault("short_frame", "shorter than an empty message")
    length_ok = stated_length(frame) == len(frame)
    end = len(frame) - (6 if crc_right or length_ok else 2)
    return Envelope(message, 5 if is_long else 4, end, int.from_bytes(frame[-6:-4], "big"), crc_right, length_ok)


def seal(message: int, content: bytes, serial: int) -> bytes:
    """The frame of a message: the long form if ``message`` carries :data:`LONG_FORM`.

    Raises:
        ValueError: the content is too long for the form.
    """
    width = 2 if message & LONG_FORM else 1
    body = bytes((message & 0xFF,)) + content + serial.to_bytes(2, "big")
    size = len(body) + 2
    if size >= 1 << 8 * width:
        raise ValueError(f"{len(content)} bytes of content do not fit a frame of this form")
    checked = size.to_bytes(width, "big") + body
    return (LONG if width > 1 else SHORT) + checked + crc16(checked).to_bytes(2, "big") + TRAILER
