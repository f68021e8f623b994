"""Format 1 of a row, which older versions wrote: read for ever, never written.

A fixed header, four little-endian columns, the origins as JSON, the payloads end to end. The chain goes over the whole
body, so that nothing of it can be erased.
"""

from __future__ import annotations

import struct

import msgspec
import numpy as np

from gateway.decoded import json_of
from gateway.errors import OurFault
from gateway.journal.entries import EntryBatch, Origin

MAGIC = b"BGE1"
_HEADER = struct.Struct("<4sIII")
_ORIGINS = json_of(tuple[Origin, ...])


def decode(body: bytes, _: object) -> EntryBatch:
    """The entries of a body.

    Raises:
        OurFault: it is damaged.
    """
    if len(body) < _HEADER.size:
        raise OurFault("journal row is not a batch of entries")
    _magic, count, origins_size, payload_size = _HEADER.unpack_from(body)
    if not count or len(body) != _HEADER.size + count * 17 + origins_size + payload_size:
        raise OurFault("journal row has the wrong size")
    at = _HEADER.size
    kind = np.frombuffer(body, np.uint8, count, at)
    received = np.frombuffer(body, "<f8", count, at + count)
    origin = np.frombuffer(body, "<i4", count, at + 9 * count)
    length = np.frombuffer(body, "<u4", count, at + 13 * count).astype(np.int64)
    at += 17 * count
    payload = np.frombuffer(body, np.uint8, payload_size, at + origins_size)
    try:
        origins = _ORIGINS.decode(body[at : at + origins_size])
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise OurFault("journal row has origins that cannot be read") from fault
    return EntryBatch(kind, received, origin, np.cumsum(length) - length, length, payload, origins)
