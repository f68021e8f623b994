"""What terminals answer to orders, readable. A key names what answers: its id and, where it repeats it, our serial."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from construct import ConstructError

from protocols.jt808 import parameters
from protocols.jt808.clock import from_bcd
from protocols.jt808.messages.attributes import read_attributes
from protocols.jt808.messages.padded import PADDING
from protocols.jt808.messages.parameters import read_parameters
from protocols.jt808.reports import LAYOUTS, head_of
from protocols.order import Reply, Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.jt808.messages import Edition

GENERAL = 0x0001
_RESULTS = {0: Result.DONE, 1: Result.FAILED, 2: Result.MALFORMED, 3: Result.UNSUPPORTED, 4: Result.DONE}
_UTF16 = 1
_MOST_HEX = 256
"""Bytes of a pass-through that are shown."""


def key_of(message: int, serial: int | None = None) -> str:
    """Key of an answer: ``0201:17``, or ``0107`` for one that does not repeat our serial."""
    return f"{message:04X}" if serial is None else f"{message:04X}:{serial}"


def general_key(message: int, serial: int) -> str:
    """Key of the general answer (0001) to our message with that serial."""
    return key_of(message, serial)


def replies_in(message: int, body: bytes, edition: Edition) -> tuple[Reply, ...]:
    """What an answering message says; nothing for one whose body does not hold what it should."""
    try:
        return (_READERS[message](body, edition),)
    except (ConstructError, struct.error, IndexError):
        return ()


def _general(body: bytes, _edition: Edition) -> Reply:
    serial, message, result = struct.unpack_from(">HHB", body)
    return Reply(general_key(message, serial), _RESULTS.get(result, Result.FAILED))


def _location(body: bytes, _edition: Edition) -> Reply:
    """0201 of 2011 may lack the serial: its key then lacks it too."""
    if len(body) < 2:  # noqa: PLR2004  # a serial
        raise IndexError
    head = head_of(LAYOUTS[0x0201], body)
    return Reply(key_of(0x0201, int.from_bytes(body[:2], "big") if head else None), Result.DONE, _moment(body[head:]))


def _control(body: bytes, _edition: Edition) -> Reply:
    (serial,) = struct.unpack_from(">H", body)
    return Reply(key_of(0x0500, serial), Result.DONE, _moment(body[2:]))


def _moment(place: bytes) -> str:
    """When it was there; where it was stands in the track, under the law that governs that."""
    time = from_bcd(place[22:28]) if len(place) >= 28 else float("nan")  # noqa: PLR2004  # the fixed part
    return "position reported" if time == time else "position without a valid time"  # noqa: PLR0124  # NaN


def _parameters(body: bytes, edition: Edition) -> Reply:
    parsed = read_parameters(body, edition)
    listed = "; ".join(parameters.readable(item.id, item.value) for item in parsed.parameters)
    return Reply(key_of(0x0104, parsed.answered_serial), Result.DONE, listed)


def _question(body: bytes, _edition: Edition) -> Reply:
    serial, answer = struct.unpack_from(">HB", body)
    return Reply(key_of(0x0302, serial), Result.DONE, f"answer {answer}")


def _attributes(body: bytes, edition: Edition) -> Reply:
    said = read_attributes(body, edition)
    texts = {name: _plain(said[name]) for name in ("maker", "model", "terminal", "hardware", "firmware")}
    texts["iccid"] = said.iccid.hex().rstrip("f")
    return Reply(key_of(0x0107), Result.DONE, "; ".join(f"{name}={text}" for name, text in texts.items() if text))


def _maker_text(body: bytes, _edition: Edition) -> Reply:
    text = body[1:].decode("utf-16-be" if body[0] == _UTF16 else "gb18030", "replace")
    return Reply(key_of(0x6006), Result.DONE, text.strip("\0"))


def _pass_through(body: bytes, _edition: Edition) -> Reply:
    shown = body[1:]
    cut = "..." if len(shown) > _MOST_HEX else ""
    return Reply(key_of(0x0900), Result.DONE, f"type {body[0]:02X}: {shown[:_MOST_HEX].hex()}{cut}")


def _plain(text: bytes) -> str:
    return text.strip(PADDING).decode("gb18030", "replace")


_READERS: dict[int, Callable[[bytes, Edition], Reply]] = {
    GENERAL: _general,
    0x0104: _parameters,
    0x0107: _attributes,
    0x0201: _location,
    0x0302: _question,
    0x0500: _control,
    0x0900: _pass_through,
    0x6006: _maker_text,
}
ANSWERING = frozenset(_READERS)
"""Messages that answer orders."""
UNNUMBERED = frozenset({0x0107, 0x0900, 0x6006})
"""Those that do not say what they answer: they answer an order only while one waits for them."""
