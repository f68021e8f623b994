"""Whether a message calls for help or tells of tampering, told while it is taken: the scalar twin of ``decode``.

A session sees one frame at a time, where columns cost more than they spare. Only what a profile gives an urgent flag
(:data:`protocols.report.URGENT`) is looked at: two words of the fixed part, and the few items that can carry one. A
test holds it against the flags that ``decode`` finds, for every profile and kind of reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING, Any

import numpy as np

from protocols.jt808.messages.position import LOCATION_SIZE
from protocols.jt808.readers import Collected, flags_of
from protocols.jt808.reports import head_of, spans
from protocols.lists import Items
from protocols.report import URGENT, Flag, blank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from protocols.jt808.items import FirstOfItem, Item, ListItem, MaskedItem, NumberedItem
    from protocols.jt808.reports import Layout
    from protocols.jt808.values import EventItem, FlagsItem, ValuesItem

    Look = Callable[[bytes], bool]
    """Of one entry: whether its reader takes it and it states an urgent flag."""
    Looks = Mapping[int, Sequence[Look]]
    """By id."""

_WORD_BITS = 32
WORDS = 8
"""Bytes of the alarm and the status word, with which a position begins."""
_CODES = {1: "B", 2: "H"}


@dataclass(frozen=True, slots=True)
class Urgency:
    """What of a profile's positions and status messages is urgent.

    Attributes:
        words: the urgent bits of alarm and status word as one number, for headers before 2019 and of 2019.
        items: looks at the items that may state an urgent flag, by id.
        bodies: looks at whole messages, by theirs.
    """

    words: tuple[int, int] = (0, 0)
    items: Looks = field(default_factory=dict)
    bodies: Looks = field(default_factory=dict)

    def of(self, message: int, layout: Layout | None, body: bytes, is_2019: bool) -> bool:  # noqa: FBT001  it is hot
        """Whether a whole message is urgent; its body has passed ``device_times``."""
        if layout is None:
            urgent = False
        elif not (layout.length_width or layout.proven):
            urgent = self._place(body, head_of(layout, body), len(body), is_2019)
        else:
            urgent = any(self._place(body, start, end, is_2019) for start, end in spans(layout, body))
        return urgent or (message in self.bodies and _any(self.bodies[message], body))

    def _place(self, body: bytes, start: int, end: int, edition: int) -> bool:
        if end - start < LOCATION_SIZE:
            return False
        if int.from_bytes(body[start : start + WORDS], "big") & self.words[edition]:
            return True
        return bool(self.items) and self._listed(body, start + LOCATION_SIZE, end)

    def _listed(self, body: bytes, at: int, end: int) -> bool:
        """Items, up to the first that runs past the end."""
        items = self.items
        while at + 2 <= end and (after := at + 2 + body[at + 1]) <= end:
            if body[at] in items and _any(items[body[at]], body[at + 2 : after]):
                return True
            at = after
        return False


def urgency_of(words: NDArray[np.uint64], items: Sequence[Item], bodies: Sequence[Item]) -> Urgency:
    """Of a profile's words and readers (see :class:`protocols.jt808.profiles.Profile`)."""
    alarm, _, status = words
    before, since = (_mask(high) << _WORD_BITS | _mask(low) for high, low in zip(alarm, status, strict=True))
    return Urgency((before, since), _looks(items), _looks(bodies))


def _mask(flags: NDArray[np.uint64]) -> int:
    """The bits of a word that state an urgent flag."""
    return sum(1 << bit for bit, flag in enumerate(flags.tolist()) if flag & URGENT)


def _any(looks: Sequence[Look], data: bytes) -> bool:
    for look in looks:  # noqa: SIM110  a generator costs as much as the rest
        if look(data):
            return True
    return False


def _looks(readers: Sequence[Item]) -> Looks:
    """Of those readers alone that may state an urgent flag."""
    found: dict[int, list[Look]] = {}
    for reader in readers:
        if _may(reader):
            found.setdefault(reader.id, []).append(_look(reader))
    return found


def _may(reader: Any) -> bool:  # noqa: ANN401  any reader: the fields of each kind are its own
    """Whether a reader may state an urgent flag."""
    tables = [getattr(reader, field, {}) for field in ("bits", "values")]
    names = [getattr(reader, "flag", ""), *(name for table in tables for name in table.values())]
    known = {name.upper() for name in names} & set(Flag.__members__)
    return any(Flag[name] & URGENT for name in known) or any(map(_may, getattr(reader, "items", ())))


def _look(reader: Item) -> Look:
    return _KINDS[reader.kind](reader)


def _urgent(names: dict[int, str]) -> list[int]:
    """The bits or values that mean an urgent flag."""
    return [number for number, flag in flags_of(names).items() if flag & URGENT]


def _flags(reader: FlagsItem) -> Look:
    size, part = reader.size, slice(reader.offset, reader.offset + reader.width)
    mask = sum(1 << bit for bit in _urgent(reader.bits))
    # A cleared bit states the event where the reader says so.
    turned = mask if reader.active == "low" else 0
    return lambda data: len(data) == size and bool((int.from_bytes(data[part], "big") ^ turned) & mask)


def _values(reader: ValuesItem) -> Look:
    size, part, meant = reader.size, slice(reader.offset, reader.offset + reader.width), _urgent(reader.values)
    return lambda data: len(data) == size and int.from_bytes(data[part], "big") in meant


def _event(reader: EventItem) -> Look:
    return lambda data: len(data) >= reader.least


def _list(reader: ListItem) -> Look:
    looks, counted, id_first = _looks(reader.items), reader.counted, reader.id_first
    codes = _CODES[reader.id_width], _CODES[reader.size_width]
    begin = Struct(">" + "".join(codes if id_first else codes[::-1]))
    overhead = reader.id_width * reader.size_counts_id

    def look(data: bytes) -> bool:
        at, found = int(counted), False
        while at + begin.size <= len(data):
            ident, size = begin.unpack_from(data, at) if id_first else begin.unpack_from(data, at)[::-1]
            at += begin.size
            after = at + size - overhead
            if after < at:
                return False
            found = found or (ident in looks and _any(looks[ident], data[at:after]))
            at = after
        return found and at == len(data) and (not counted or data[0] == at - 1)

    return look


def _numbered(reader: NumberedItem) -> Look:
    width, looks = reader.width, _looks(reader.items)
    return lambda data: len(data) >= width and _any(looks.get(int.from_bytes(data[:width], "big"), ()), data[width:])


def _masked(reader: MaskedItem) -> Look:
    meant = _urgent(reader.values)
    return lambda data: data[:1] != b"" and data[0] in meant and _takes(reader, data)


def _first_of(reader: FirstOfItem) -> Look:
    """Looks that are quick come first; that no reader before takes the entry is asked of the few that are urgent."""
    looks = [(place, _look(one)) for place, one in enumerate(reader.items) if _may(one)]

    def look(data: bytes) -> bool:
        place = next((place for place, one in looks if one(data)), -1)
        return place >= 0 and not any(_takes(one, data) for one in reader.items[:place])

    return look


def _takes(reader: Item, data: bytes) -> bool:
    """Whether a reader takes an entry: as it says itself."""
    items = Items(np.frombuffer(data, np.uint8), np.array([[0, reader.id, 0, len(data)]], np.int64))
    return bool(reader.collect(items, Collected(blank(1)))[0])


_KINDS: Mapping[str, Callable[[Any], Look]] = {
    "flags": _flags, "values": _values, "event": _event, "list": _list, "numbered": _numbered, "masked": _masked,
    "first_of": _first_of,
}  # fmt: skip
"""Of the kinds that may state a flag."""
