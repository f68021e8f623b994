"""Fragments put together: journaled singly, complete sets become one frame, decoded at the entry that completes them.

A function of the log alone: sets are dropped by the receive time of entries, so that nothing depends on where the log
was cut into batches.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.records import FragmentState, OpenSet
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gateway.engine.state import EngineState
    from gateway.journal.entries import EntryBatch
    from protocols.session import Family, Part

TIMEOUT = 600.0
"""Seconds of receive time without a new fragment after which an incomplete message is dropped."""
MOST_SETS = 16
"""Incomplete messages of one device."""
MOST_DEVICE_BYTES = 1 << 20
MOST_BYTES = 1 << 24
"""Of all devices together."""
MOST_JOINED = 256
"""Messages joined lately, by whose fragments a repeat is known."""
MOST_JOINED_PARTS = 1 << 15


def join_fragments(
    state: EngineState, entries: EntryBatch, families: Mapping[str, Family], known: NDArray[np.bool_]
) -> dict[int, bytes]:
    """Take the fragments of a run, in log order.

    Args:
        state: the engine's; its ``fragments`` and counts change.
        entries: the run.
        families: by protocol.
        known: bool (n,), the entries of devices that the configuration knows.

    Returns:
        By index of the entry the whole frame that it completes, empty bytes for one that completes none.
    """
    found: dict[int, bytes] = {}
    for index in np.flatnonzero(known & (entries.kind == EntryKind.FRAGMENT)).tolist():
        origin, raw, now = entries.origin_of(index), entries.bytes_of(index), float(entries.received[index])
        family = families.get(origin.protocol)
        if family is not None and family.fragments is not None:
            expire(state, now)
            part = family.fragments.part(raw)
            parts = _put(state, f"{origin.device}/{origin.protocol}/{part.key}", origin.device, part, raw, now)
            found[index] = family.fragments.join(parts) if parts else b""
    return found


def drop_of(state: EngineState, device: str, begin: float, until: float) -> None:
    """Drop what a device has begun to send between two receive times, both inclusive."""
    opened = state.fragments.open
    for key in [key for key, one in opened.items() if one.device == device and begin <= one.touched <= until]:
        _forget(state.fragments, key)


def expire(state: EngineState, now: float) -> None:
    """Drop what has waited too long at receive time ``now``."""
    opened = state.fragments.open
    while opened:
        key = next(iter(opened))
        if now - opened[key].touched <= TIMEOUT:
            return
        _drop(state, key, "fragment_timeout")


def _put(state: EngineState, key: str, device: str, part: Part, raw: bytes, now: float) -> list[bytes]:
    """Put a fragment to its message; all of them in order if that completes it, else none."""
    fragments = state.fragments
    if not 1 <= part.index <= part.total:
        state.count("bad_fragment")
        return []
    known = fragments.open.get(key)
    if _is_repeated(fragments, key, part, raw):
        state.count("fragment_repeated")
        return []
    if known is not None and part.index in known.parts:
        # The same place with other bytes: the device has begun anew with its serials.
        _drop(state, key, "fragment_replaced")
        known = None
    # The dictionary's order is that of the latest new fragment.
    known = fragments.open.pop(key, None) or OpenSet(device, now)
    known.touched, known.parts[part.index] = now, raw
    fragments.open[key] = known
    fragments.held[device] = fragments.held.get(device, 0) + len(raw)
    if len(known.parts) < part.total:
        _make_room(state, device)
        return []
    whole = [known.parts[index] for index in range(1, part.total + 1)]
    _forget(fragments, key)
    _remember(fragments, key, whole)
    return whole


def _is_repeated(fragments: FragmentState, key: str, part: Part, raw: bytes) -> bool:
    """Whether this very fragment has been taken: into its message, or into one that was complete."""
    known = fragments.open.get(key)
    if known is not None:
        return known.parts.get(part.index) == raw
    joined = fragments.joined.get(key)
    return joined is not None and joined[part.index - 1] == zlib.crc32(raw)


def _remember(fragments: FragmentState, key: str, whole: list[bytes]) -> None:
    fragments.joined.pop(key, None)
    fragments.joined[key] = [zlib.crc32(raw) for raw in whole]
    while len(fragments.joined) > MOST_JOINED or sum(map(len, fragments.joined.values())) > MOST_JOINED_PARTS:
        del fragments.joined[next(iter(fragments.joined))]


def _make_room(state: EngineState, device: str) -> None:
    """The device's own oldest messages give way first, then anybody's."""
    fragments = state.fragments
    mine = [key for key, one in fragments.open.items() if one.device == device]
    while mine and (len(mine) > MOST_SETS or fragments.held[device] > MOST_DEVICE_BYTES):
        _drop(state, mine.pop(0), "fragment_crowded")
    while sum(fragments.held.values()) > MOST_BYTES:
        _drop(state, next(iter(fragments.open)), "fragment_crowded")


def _drop(state: EngineState, key: str, reason: str) -> None:
    """Give a message up; its fragments stay in the journal, and each of them is counted."""
    state.count(reason, len(state.fragments.open[key].parts))
    _forget(state.fragments, key)


def _forget(fragments: FragmentState, key: str) -> None:
    gone = fragments.open.pop(key)
    left = fragments.held[gone.device] - gone.size
    if left:
        fragments.held[gone.device] = left
    else:
        del fragments.held[gone.device]
