"""Frames for tests, built from the wire schemas."""

from protocols.jt808.messages.position import LOCATION_REPORT
from protocols.jt808.wire import seal

PHONE = "013812345678"
NOON = 1_770_000_000.0
"""2026-02-02T02:40:00Z."""


def frame(message, body=b"", *, serial=1, phone=PHONE, fragment=None, **attribute):
    """A whole frame on the wire; ``fragment`` is (in all, index), ``attribute``: ``edition_2019``, ``attributes``."""
    edition_2019, attributes = attribute.get("edition_2019", False), attribute.get("attributes", 0)
    word = attributes | len(body) & 0x3FF | (0x4000 if edition_2019 else 0) | (0x2000 if fragment else 0)
    head = message.to_bytes(2, "big") + word.to_bytes(2, "big")
    head += b"\x01" + bytes.fromhex(phone.zfill(20)) if edition_2019 else bytes.fromhex(phone)
    head += serial.to_bytes(2, "big")
    for number in fragment or ():
        head += number.to_bytes(2, "big")
    return seal(head + body)


FIXED = {
    "alarm": 0,
    "status": 2,
    "latitude": 31.2,
    "longitude": 121.4,
    "altitude_m": 12,
    "speed_kmh": 3.6,
    "course_deg": 90,
}


def location(time=NOON, *, items=(), rest=b"", **fixed):
    """A 0200 body; ``items`` are (id, data), ``fixed`` what differs from FIXED."""
    place = {**FIXED, "time": time, **fixed}
    listed = [{"id": number, "data": data} for number, data in items]
    return LOCATION_REPORT.build({"location": place, "items": listed, "rest": rest})


def batch(*reports, kind=1):
    """A 0704 body."""
    listed = b"".join(len(report).to_bytes(2, "big") + report for report in reports)
    return len(reports).to_bytes(2, "big") + bytes([kind]) + listed
