"""PDUs as a centre makes and reads them (3GPP TS 23.040, 9.2.2): as much as a stand-in needs."""

from __future__ import annotations

from dataclasses import dataclass, field

_TIME = bytes.fromhex("62113020412523")
"""2026-11-03 02:14:52, eight hours east: nobody reads it."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A PDU that the modem was given; ``text`` of one in UCS-2, its header left out."""

    pdu: str = field(repr=False)
    number: str
    text: str
    wants_report: bool


def submitted(pdu: str) -> Submitted:
    """Read an SMS-SUBMIT with a relative validity.

    Raises:
        ValueError, IndexError: it is none.
    """
    data = bytes.fromhex(pdu)
    first, at = data[1 + data[0]], 3 + data[0]
    length, kind = data[at], data[at + 1]
    digits, at = data[at + 2 : at + 2 + (length + 1) // 2], at + 2 + (length + 1) // 2
    number = ("+" if kind == 0x91 else "") + _swapped(digits.hex())[:length]  # noqa: PLR2004  international
    scheme, size, body = data[at + 1], data[at + 3], data[at + 4 :]
    if scheme == 8 and size != len(body):  # noqa: PLR2004  UCS-2
        raise ValueError("a PDU of another length")
    body = body[body[0] + 1 :] if first & 0x40 else body
    return Submitted(pdu, number, body.decode("utf-16-be") if scheme == 8 else "", bool(first & 0x20))  # noqa: PLR2004


def deliver(number: str, text: str) -> str:
    """An SMS-DELIVER in UCS-2, from a number."""
    body = text.encode("utf-16-be")
    return (b"\x00\x04" + _address(number) + b"\x00\x08" + _TIME + bytes([len(body)]) + body).hex().upper()


def report(reference: int, number: str, status: int = 0) -> str:
    """An SMS-STATUS-REPORT of what was submitted under a reference."""
    return (bytes([0, 0x06, reference]) + _address(number) + _TIME + _TIME + bytes([status])).hex().upper()


def _address(number: str) -> bytes:
    digits = number.removeprefix("+")
    filled = digits + "f" * (len(digits) % 2)
    return bytes([len(digits), 0x91 if number.startswith("+") else 0x81]) + bytes.fromhex(_swapped(filled))


def _swapped(digits: str) -> str:
    return "".join(high + low for low, high in zip(digits[::2], digits[1::2], strict=True))
