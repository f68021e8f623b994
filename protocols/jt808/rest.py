"""What a message with positions holds beyond them: said in ``decode``, so that no byte is passed over in silence."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from protocols.jt808.items import LOCATION_ITEMS
from protocols.jt808.messages.position import LOCATION_REPORT, LOCATION_SIZE
from protocols.jt808.readers import Collected, each, read_items
from protocols.jt808.reports import LAYOUTS, head_of, records, spans
from protocols.lists import walk
from protocols.report import blank

if TYPE_CHECKING:
    from protocols.account import Fields
    from protocols.jt808.profiles import Profile
    from protocols.jt808.reports import Layout


def rest_of(message: int, body: bytes) -> str | None:
    """What no report or item of this body takes, in one line; None when every byte is taken.

    Args:
        message: message id.
        body: a whole body, for which :func:`protocols.jt808.reports.spans` raises nothing.

    Returns:
        For example ``rest: 3 bytes after item 0x31``; in a list ``... of record 2``, records counted from 1.
    """
    layout = LAYOUTS.get(message)
    if layout is None or layout.proven or layout.is_status(body):
        return None
    found = _in_list(layout, body) if layout.length_width else _in_report(body[head_of(layout, body) :])
    return f"rest: {'; '.join(found)}" if found else None


def unknown_items(message: int, body: bytes, profile: Profile) -> list[Fields]:
    """Items that no reader of the profile takes, with their bytes.

    Args:
        message: message id.
        body: a whole body, as for :func:`rest_of`.
        profile: the model's.

    Returns:
        ``report`` (index from 0), ``id`` and ``data`` in hexadecimal of each, report by report.
    """
    layout = LAYOUTS.get(message)
    places = [] if layout is None or layout.is_status(body) else spans(layout, body)
    begin, end = np.array(places, np.int64).reshape(-1, 2).T
    buffer = np.frombuffer(body, np.uint8)
    items, _ = walk(buffer, begin + LOCATION_SIZE, end, LOCATION_ITEMS)
    padding = (items.ident == 0) & (items.size == 0)
    left = items.at(~padding & ~read_items(profile.items, items, Collected(blank(len(places)))))
    named = zip(left.owner.tolist(), left.ident.tolist(), each(left), strict=True)
    return [
        {"report": owner, "id": f"{ident:02X}", "data": data.hex()}
        for owner, ident, data in sorted(named, key=itemgetter(0))
    ]


def _in_list(layout: Layout, body: bytes) -> list[str]:
    listed = records(layout, body)
    found = [
        f"{part} of record {number}"
        for number, (start, end) in enumerate(listed, 1)
        for part in _in_report(body[start:end])
    ]
    left = len(body) - (listed[-1][1] if listed else layout.head)
    if left:
        found.append(f"{_bytes(left)} after record {len(listed)}")
    stated = int.from_bytes(body[: layout.count_width], "big")
    if layout.count_width and stated != len(listed):
        found.append(f"{stated} records stated, {len(listed)} there")
    return found


def _in_report(report: bytes) -> list[str]:
    if len(report) < LOCATION_SIZE:
        return [f"{_bytes(len(report))}, too few for a position"]
    parsed = LOCATION_REPORT.parse(report)
    if not parsed.rest:
        return []
    last = f"item 0x{parsed['items'][-1].id:02X}" if parsed["items"] else "the fixed part"
    return [f"{_bytes(len(parsed.rest))} after {last}"]


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"
