"""What a device's own data may hold, by its profile: a modem's answers, JT/T 808 items, or nothing read here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from protocols.jt808 import FAMILY as JT808
from protocols.jt808.wire import seal as seal_jt808
from protocols.modem import FAMILY as MODEM
from protocols.modem.privacy import without_subscriber
from protocols.modem.scan import lines_of
from protocols.report import SignalUnit
from protocols.rows import AccessPoint, Cell, Row
from protocols.session import FrameBatch

if TYPE_CHECKING:
    from protocols.annex_a.profiles import Profile
    from protocols.report import ReportBatch
    from protocols.session import Family

_LOCATION = bytes.fromhex("0200")
_NOBODY = bytes(6)
_SERIAL = bytes(2)
_UNLOCATED = bytes(28)
"""The head of a location without alarm, status, place and time: only the items behind it say something."""


def kept_data(data: bytes, profile: Profile) -> bytes:
    """The data without what may not be kept: the subscriber's number in a modem's answers."""
    if profile.payload != "modem":
        return data
    at = profile.payload_offset
    lines = lines_of(data[at:])
    clean = [without_subscriber(line) for line in lines]
    return data if clean == lines else data[:at] + b"\r\n".join(clean)


def report_of(data: bytes, frame: int, profile: Profile) -> Row | None:
    """The report in a device's own data; None where it holds none that is read. Never raises."""
    payload = data[profile.payload_offset :]
    if profile.payload == "modem":
        batch = MODEM.decode(FrameBatch.of([payload], profile.payload_profile))
    elif profile.payload == "items":
        batch = JT808.decode(FrameBatch.of([_location(payload)], profile.payload_profile))
    else:
        return None
    row = _row(batch, frame) if len(batch) else None
    return row if row and (row.cells or row.wifi or row.flags or row.battery_percent >= 0) else None


def _location(items: bytes) -> bytes:
    """The items as those of a location of JT/T 808, to be read by its profiles."""
    body = _UNLOCATED + items
    return seal_jt808(_LOCATION + len(body).to_bytes(2, "big") + _NOBODY + _SERIAL + body)


def _row(batch: ReportBatch, frame: int) -> Row:
    """What was heard, and the flags that are stated; not the flags of a head that was never sent."""
    flags = int(batch.flags[0])
    return Row(
        frame,
        battery_percent=int(batch.battery_percent[0]),
        flags=flags,
        stated=flags,
        cells=_cells(batch),
        wifi=_wifi(batch),
    )


def _cells(batch: ReportBatch) -> tuple[Cell, ...]:
    heard = batch.cells
    columns = (heard.mcc, heard.mnc, heard.lac, heard.cid, heard.signal_raw, heard.signal_unit, heard.ta)
    rows = np.stack([column.astype(np.int64) for column in columns], axis=1).tolist()
    return tuple(
        Cell(mcc, mnc, lac, cid, signal, SignalUnit(unit), ta) for mcc, mnc, lac, cid, signal, unit, ta in rows
    )


def _wifi(batch: ReportBatch) -> tuple[AccessPoint, ...]:
    heard = batch.wifi
    return tuple(map(AccessPoint, heard.bssid.tolist(), heard.rssi_dbm.tolist()))


PAYLOADS: dict[str, Family] = {"modem": MODEM, "items": JT808}
"""Whose profiles a payload is read by."""
