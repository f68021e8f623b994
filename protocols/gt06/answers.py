"""What the platform answers, by :class:`protocols.gt06.messages.Due`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.gt06.clock import WIDTH, to_binary
from protocols.gt06.messages import Due
from protocols.gt06.wire import LONG_FORM, SHORT, TRAILER, seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.gt06.wire import Envelope

_ADDRESS = 0x97 | LONG_FORM
_NO_ADDRESS = b"NA&&NA&&0##"
_FLAG = bytes(4)
_WIFI_TIME_AT = 2


def ack(envelope: Envelope, _content: bytes, _now: float) -> bytes:
    """The same number, no content, the device's serial, in the short form."""
    return seal(envelope.message & 0xFF, b"", envelope.serial)


def ack_same_form(envelope: Envelope, _content: bytes, _now: float) -> bytes:
    """The same in the form of the request."""
    return seal(envelope.message, b"", envelope.serial)


def time_answer(envelope: Envelope, _content: bytes, now: float) -> bytes:
    """8A: the time, UTC, and the device's serial."""
    return seal(envelope.message & 0xFF, to_binary(now), envelope.serial)


def address_answer(_envelope: Envelope, _content: bytes, _now: float) -> bytes:
    """97: length B, flag D, the text that says there is no address."""
    return seal(_ADDRESS, bytes((len(_NO_ADDRESS),)) + _FLAG + _NO_ADDRESS, 0)


def wifi_answer(envelope: Envelope, content: bytes, now: float) -> bytes:
    """17, 69: ``78 78 00 number time 0D 0A``; one with serial and CRC is acknowledged like all others."""
    if envelope.serial >= 0:
        return ack(envelope, content, now)
    return SHORT + bytes((0, envelope.message)) + content[_WIFI_TIME_AT : _WIFI_TIME_AT + WIDTH] + TRAILER


ANSWERS: dict[Due, Callable[[Envelope, bytes, float], bytes]] = {
    Due.ACK: ack,
    Due.LOGIN: ack,
    Due.ACK_SAME_FORM: ack_same_form,
    Due.TIME: time_answer,
    Due.ADDRESS: address_answer,
    Due.WIFI: wifi_answer,
}
