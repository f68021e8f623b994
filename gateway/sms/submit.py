"""A text as the PDUs that a modem is given: SMS-SUBMIT (3GPP TS 23.040, 9.2.2.2), several where it is long."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.sms.address import to_octets
from gateway.sms.alphabet import packed, septets_of
from gateway.sms.faults import PduFault

if TYPE_CHECKING:
    from collections.abc import Sequence

SUBMIT, RELATIVE_VALIDITY, WANTS_REPORT, HAS_HEADER = 0x01, 0x10, 0x20, 0x40
"""Of the first octet (9.2.2.2): type, form of the validity, TP-SRR, TP-UDHI."""
GSM, UCS2 = 0x00, 0x08
"""Data coding schemes (TS 23.038, 4): the default alphabet, UCS-2; no class."""
SEPTETS, UNITS = 160, 70
"""What one PDU holds: septets, or UTF-16 units (9.2.3.24: 140 octets)."""
PART_SEPTETS, PART_UNITS = 153, 67
"""What each of several holds beside its header of 6 octets, which take 7 septets."""
MOST_PARTS: Final = 255
_OWN_CENTRE: Final = b"\x00"
"""Before the PDU proper: the service centre is the one that the card names."""
_ESCAPE: Final = 0x1B
_HIGH_SURROGATES: Final = range(0xD8, 0xDC)


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU for ``AT+CMGS``: its octets in hexadecimal, and how many follow the service centre's."""

    hex: str = field(repr=False)
    length: int


def submits(number: str, text: str, reference: int = 0, minutes: float = 720.0) -> list[Pdu]:
    """The PDUs of a text, each of which asks for a delivery report.

    Args:
        number: whom, as it is dialled; ``+`` before an international one.
        text: in the default alphabet if all of it fits there, else in UCS-2.
        reference: of the parts of a long text, the same in each, another for each text; its low 8 bits count.
        minutes: for how long the centre tries; rounded to what TP-VP can say (9.2.3.12.1), 5 minutes at least.

    Raises:
        PduFault: a number that cannot be dialled, a text that is empty or too long.
    """
    septets = septets_of(text)
    if septets is None:
        units = text.encode("utf-16-be", "replace")
        contents = [(len(part), part) for part in _units(units)]
    else:
        parts = _septets(septets)
        fill = 1 if len(parts) > 1 else 0  # 6 octets of header are 48 bits: the text begins at a septet's edge, 49
        contents = [(len(part), packed(part, fill)) for part in parts]
    if not 1 <= len(contents) <= MOST_PARTS or not text:
        raise PduFault("a text has to have 1 to 255 parts")
    head = to_octets(number) + bytes([0, UCS2 if septets is None else GSM, validity(minutes)])
    return [_pdu(head, content, (reference, len(contents), at), in_septets=septets is not None)
            for at, content in enumerate(contents, 1)]  # fmt: skip


def _pdu(head: bytes, content: tuple[int, bytes], part: tuple[int, int, int], *, in_septets: bool) -> Pdu:
    """One of them; ``content``: how long it is in septets or octets, and its octets."""
    (length, octets), (reference, of, at) = content, part
    first = SUBMIT | RELATIVE_VALIDITY | WANTS_REPORT | (HAS_HEADER if of > 1 else 0)
    # 9.2.3.24.1: concatenation, 8 bit reference.
    header = bytes([5, 0, 3, reference & 0xFF, of, at]) if of > 1 else b""
    length += (SEPTETS - PART_SEPTETS if in_septets else len(header)) if header else 0
    body = bytes([first, 0]) + head + bytes([length]) + header + octets
    return Pdu((_OWN_CENTRE + body).hex().upper(), len(body))


def _septets(septets: bytes) -> Sequence[bytes]:
    """Parts of septets; none ends within a character of the extension."""
    if len(septets) <= SEPTETS:
        return [septets]
    parts, begin = [], 0
    while begin < len(septets):
        end = min(begin + PART_SEPTETS, len(septets))
        end -= end < len(septets) and septets[end - 1] == _ESCAPE
        parts.append(septets[begin:end])
        begin = end
    return parts


def _units(units: bytes) -> Sequence[bytes]:
    """Parts of UTF-16; none ends within a character of two units."""
    if len(units) <= 2 * UNITS:
        return [units]
    parts, begin = [], 0
    while begin < len(units):
        end = min(begin + 2 * PART_UNITS, len(units))
        end -= 2 * (end < len(units) and units[end - 2] in _HIGH_SURROGATES)
        parts.append(units[begin:end])
        begin = end
    return parts


def validity(minutes: float) -> int:
    """TP-VP, relative (9.2.3.12.1): the shortest time it can say that is not shorter; 63 weeks at most."""
    steps = (
        (5.0, 0, 144, 5.0),  # octet 0 is 5 minutes, each next one 5 more
        (750.0, 144, 168, 30.0),  # 12 h 30, each next one half an hour more
        (2880.0, 168, 197, 1440.0),  # two days, each next one a day more
        (50_400.0, 197, 256, 10_080.0),  # five weeks, each next one a week more
    )
    for least, first, end, step in steps:
        octet = first + max(0, -int(-(minutes - least) // step))
        if octet < end:
            return octet
    return 255
