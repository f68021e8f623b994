"""A frame with only some of its reports: what may not be kept is cut out before it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.jt808.header import LENGTH_MASK, read_header
from protocols.jt808.reports import LAYOUTS, spans
from protocols.jt808.wire import seal, unescape

if TYPE_CHECKING:
    from collections.abc import Sequence


def keep(raw: bytes, kept: Sequence[bool]) -> bytes:
    """The frame with only the reports for which ``kept`` is true; new count, length, checksum and escape.

    Args:
        raw: a frame that a session gave, on the wire form.
        kept: one value a report, in the order of ``Frame.device_times``.

    Returns:
        ``raw`` itself if all are kept (or it holds none); empty bytes if none is.

    Raises:
        ValueError: ``kept`` has not as many values as the frame has reports.
    """
    content = unescape(raw[1:-1])
    header = read_header(content)
    layout = LAYOUTS.get(header.message)
    body = content[header.size : -1]
    places = [] if layout is None or header.is_fragment else spans(layout, body)
    # Only a profile knows which messages without positions tell of the device.
    if len(places) != len(kept) and (layout is not None or len(kept) > 1):
        raise ValueError(f"{len(kept)} decisions for {len(places)} reports")
    if all(kept):
        return raw
    if layout is None or not any(kept):
        return b""
    records = [body[start:end] for (start, end), stays in zip(places, kept, strict=True) if stays]
    head = bytearray(body[: layout.head])
    if layout.count_width:
        head[: layout.count_width] = len(records).to_bytes(layout.count_width, "big")
    listed = b"".join(len(record).to_bytes(layout.length_width, "big") + record for record in records)
    attributes = header.attributes & ~LENGTH_MASK | (len(head) + len(listed)) & LENGTH_MASK
    return seal(content[:2] + attributes.to_bytes(2, "big") + content[4 : header.size] + bytes(head) + listed)
