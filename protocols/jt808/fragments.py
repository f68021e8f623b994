"""Fragments put together: parts of journaled frames into whole ones, and a bounded reassembly for ``decode``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from protocols.errors import PeerFault
from protocols.jt808.header import FRAGMENTED, Header, read_header, write_header
from protocols.jt808.reports import LAYOUTS, device_times, records
from protocols.jt808.wire import seal, unescape
from protocols.session import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = tuple[str, int, int, int]
"""Identity, message, fragments in all, serial of the first fragment."""


@dataclass(slots=True)
class _Partial:
    since: float
    parts: dict[int, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(map(len, self.parts.values()))


class Reassembly:
    """Puts fragments together, in any order and with repeats.

    Args:
        timeout: seconds after which an incomplete set is dropped, counted from its first fragment.
        max_sets: incomplete sets held; the oldest gives way.
        max_bytes: bytes of bodies held; the oldest set gives way.
    """

    def __init__(self, *, timeout: float = 300.0, max_sets: int = 64, max_bytes: int = 1 << 22) -> None:
        self._timeout = timeout
        self._max_sets = max_sets
        self._max_bytes = max_bytes
        self._open: dict[Key, _Partial] = {}
        self._held = 0
        self._dropped: Counter[str] = Counter()

    @property
    def dropped(self) -> Mapping[str, int]:
        """Fragments given up so far, by reason: ``timeout``, ``crowded``, ``bad_index``."""
        return dict(self._dropped)

    def add(self, identity: str, header: Header, body: bytes, now: float) -> bytes | None:
        """Take one fragment; return the whole body when this was the last one missing."""
        self._expire(now)
        if not 1 <= header.fragment <= header.fragments:
            self._dropped["bad_index"] += 1
            return None
        key = (identity, header.message, header.fragments, (header.serial - header.fragment + 1) & 0xFFFF)
        partial = self._open.setdefault(key, _Partial(now))
        if header.fragment not in partial.parts:
            partial.parts[header.fragment] = body
            self._held += len(body)
        if len(partial.parts) == header.fragments:
            self._forget(key)
            return joined(header.message, [partial.parts[index] for index in range(1, header.fragments + 1)])
        self._make_room()
        return None

    def missing(self, identity: str, header: Header) -> tuple[int, ...]:
        """Indices that the set of this fragment still lacks (what 8003 asks for); empty when nothing is open."""
        key = (identity, header.message, header.fragments, (header.serial - header.fragment + 1) & 0xFFFF)
        partial = self._open.get(key)
        if partial is None:
            return ()
        return tuple(index for index in range(1, header.fragments + 1) if index not in partial.parts)

    def _expire(self, now: float) -> None:
        # Sets stand in the order in which they began, so only the front can be too old.
        while self._open and now - next(iter(self._open.values())).since > self._timeout:
            self._drop_oldest("timeout")

    def _make_room(self) -> None:
        while len(self._open) > self._max_sets or self._held > self._max_bytes:
            self._drop_oldest("crowded")

    def _drop_oldest(self, reason: str) -> None:
        key = next(iter(self._open))
        self._dropped[reason] += len(self._open[key].parts)
        self._forget(key)

    def _forget(self, key: Key) -> None:
        self._held -= self._open.pop(key).size


def whole_frame(header: Header, body: bytes) -> bytes:
    """One frame for a reassembled body, as if it had come unfragmented: decoders go by the real length."""
    head = bytearray(write_header(header, header.message, 0, header.serial))
    head[2:4] = (header.attributes & ~FRAGMENTED & 0xFC00).to_bytes(2, "big")
    return seal(bytes(head) + body)


_BATCH, _MEDIUM = 0x0704, 0x0801
_BATCH_HEAD = 3
_MEDIUM_HEADS = (36, 8)
"""With the 28-byte position and, as some makers send it, without."""


def joined(message: int, bodies: Sequence[bytes]) -> bytes:
    """The body of a message from those of its fragments, in order.

    Some terminals repeat the head of 0704 or 0801 in every fragment. For a medium the same bytes at the head of each
    can be nothing else; for a batch the reading is meant that gives as many reports as the head says and leaves no
    byte.
    """
    plain = b"".join(bodies)
    if message == _MEDIUM:
        size = next((size for size in _MEDIUM_HEADS if _share_head(bodies, size)), 0)
        return plain if not size else bodies[0] + b"".join(body[size:] for body in bodies[1:])
    if message == _BATCH and _share_head(bodies, _BATCH_HEAD) and not _is_full_batch(plain):
        other = bodies[0] + b"".join(body[_BATCH_HEAD:] for body in bodies[1:])
        return other if _is_full_batch(other) else plain
    return plain


def _share_head(bodies: Sequence[bytes], size: int) -> bool:
    head = bodies[0][:size]
    return len(bodies) > 1 and len(head) == size and all(body.startswith(head) for body in bodies)


def _is_full_batch(body: bytes) -> bool:
    found = records(LAYOUTS[_BATCH], body)
    return bool(found) and found[-1][1] == len(body) and len(found) == int.from_bytes(body[:2], "big")


class Parts:
    """Implements :class:`protocols.session.Fragments`."""

    def part(self, raw: bytes) -> Part:
        """Which part of which message a journaled fragment is; the key holds id, total and the first one's serial."""
        header, _ = _opened(raw)
        first = (header.serial - header.fragment + 1) & 0xFFFF
        return Part(f"{header.message:04X}/{header.fragments}/{first}", header.fragment, header.fragments)

    def join(self, parts: Sequence[bytes]) -> bytes:
        """One whole frame under the first fragment's serial."""
        opened = [_opened(raw) for raw in parts]
        header = opened[0][0]
        return whole_frame(header, joined(header.message, [body for _, body in opened]))

    def device_times(self, raw: bytes) -> tuple[float, ...]:
        """Device times of the reports in a joined frame; none where it is too short for any."""
        header, body = _opened(raw)
        layout = LAYOUTS.get(header.message)
        try:
            return () if layout is None else device_times(layout, body)
        except PeerFault:
            return ()


def _opened(raw: bytes) -> tuple[Header, bytes]:
    content = unescape(raw[1:-1])
    header = read_header(content)
    return header, content[header.size : -1]


PARTS = Parts()
