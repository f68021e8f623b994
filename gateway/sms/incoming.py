"""What a modem hands over: SMS-DELIVER and SMS-STATUS-REPORT (3GPP TS 23.040, 9.2.2.1 and 9.2.2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gateway.sms.address import address_of
from gateway.sms.alphabet import text_of_septets, unpacked
from gateway.sms.faults import PduFault

DELIVER, STATUS_REPORT = 0, 2
"""TP-MTI of what comes from a centre (9.2.3.1)."""
_HAS_HEADER: Final = 0x40
_TIME: Final = 7
_CONCATENATED: Final = {0x00: 1, 0x08: 2}
"""Elements of a header that tell of a long text, and how many octets their reference has."""
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class Fate(StrEnum):
    """What a report says of a text: it has arrived; the centre still tries; it does not try any more."""

    DELIVERED = "delivered"
    TRYING = "trying"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text. ``part``: of a long one, its reference, of how many, and which; a text of 8 bit data is empty."""

    number: str = field(repr=False)
    text: str = field(repr=False)
    part: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report: of which of our texts (TP-MR, the modem's number of it), to whom, and TP-ST (9.2.3.15)."""

    reference: int
    number: str = field(repr=False)
    status: int

    @property
    def fate(self) -> Fate:
        """What the status means; reserved ones are failures, as the clause has it."""
        if self.status < 0x20:  # noqa: PLR2004  the classes of 9.2.3.15: 00 to 1F, 20 to 3F, the rest
            return Fate.DELIVERED
        return Fate.TRYING if self.status < 0x40 else Fate.FAILED  # noqa: PLR2004  as above


def read(pdu: str) -> Incoming | Report:
    """What a PDU in hexadecimal says, the service centre's number before it.

    Raises:
        PduFault: it is cut short, or none of the two.
    """
    if _HEX.fullmatch(pdu) is None:
        raise PduFault("a PDU has to be hexadecimal")
    reader = _Reader(bytes.fromhex(pdu))
    reader.take(reader.octet())
    first = reader.octet()
    if first & 0x3 == DELIVER:
        return _deliver(reader, has_header=bool(first & _HAS_HEADER))
    if first & 0x3 == STATUS_REPORT:
        return _report(reader)
    raise PduFault("a PDU that is neither a text nor a report")


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise PduFault("a PDU that is cut short")
        self.at += count
        return taken

    def octet(self) -> int:
        return self.take(1)[0]

    def address(self) -> str:
        length, kind = self.octet(), self.octet()
        return address_of(length, kind, self.take((length + 1) // 2))


def _report(reader: _Reader) -> Report:
    reference, number = reader.octet(), reader.address()
    reader.take(2 * _TIME)
    return Report(reference, number, reader.octet())


def _deliver(reader: _Reader, *, has_header: bool) -> Incoming:
    number = reader.address()
    reader.octet()  # the protocol identifier
    scheme = reader.octet()
    reader.take(_TIME)
    length = reader.octet()
    septets = _alphabet(scheme) == "gsm"
    data = reader.take((length * 7 + 7) // 8 if septets else length)
    size = data[0] + 1 if has_header and data else 0
    if size > len(data):
        raise PduFault("a header that is longer than its PDU")
    part = _part(data[1:size]) if has_header else None
    return Incoming(number, _text(data, length, size, _alphabet(scheme)), part)


def _text(data: bytes, length: int, size: int, alphabet: str) -> str:
    """The text behind a header of ``size`` octets; ``length`` in septets or octets."""
    if alphabet == "gsm":
        before = -(-size * 8 // 7)
        return text_of_septets(unpacked(data[size:], length - before, before * 7 - size * 8))
    return data[size:].decode("utf-16-be", "replace") if alphabet == "ucs2" else ""


def _alphabet(scheme: int) -> str:
    """Of a data coding scheme (TS 23.038, 4): ``gsm``, ``ucs2``, or ``data`` that nobody here reads."""
    group = scheme >> 4
    if group < 0x8:  # noqa: PLR2004  general, and marked for deletion: bit 5 compressed, bits 3 and 2 the alphabet
        return "data" if scheme & 0x20 else ("gsm", "data", "ucs2", "gsm")[scheme >> 2 & 0x3]
    if group == 0xF:  # noqa: PLR2004  coding and class: bit 2
        return "data" if scheme & 0x4 else "gsm"
    return "ucs2" if group == 0xE else "gsm"  # noqa: PLR2004  message waiting


def _part(header: bytes) -> tuple[int, int, int] | None:
    """Of which long text it is a part; None where no element says so. A damaged header says nothing."""
    at = 0
    while at + 2 <= len(header):
        element, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        width = _CONCATENATED.get(element, 0)
        if width and len(value) == width + 2:
            return int.from_bytes(value[:width], "big"), value[width], value[width + 1]
        at += 2 + size
    return None
