"""A walk over the readers of every profile: each has an item here for each of its layouts, sizes, bits and values."""

from collections import Counter, defaultdict

import pytest
from jt808_frames import NOON, frame, location
from test_jt808_models import ROWS, entries

from protocols.jt808 import FAMILY
from protocols.jt808.heard import CellsItem
from protocols.jt808.items import FirstOfItem, ListItem, MaskedItem, NumberedItem
from protocols.jt808.readers import Reader, each
from protocols.jt808.values import FlagsItem, KeptItem, SourceItem, ValuesItem
from protocols.session import FrameBatch

METHOD = Reader.collect.__name__
HOLDERS = (ListItem, NumberedItem, FirstOfItem)
TEXT = b"as the maker writes it".hex()
# Profile, item, data: what gives no column anything, and what the tables of meanings leave open.
KNOWN = [
    *(("standard", number, bytes(size).hex()) for number, size in (
        (0x01, 4), (0x02, 2), (0x03, 2), (0x04, 2), (0x05, 30), (0x06, 2), (0x11, 1), (0x11, 5), (0x12, 6), (0x13, 7),
        (0x25, 4), (0x2B, 4), (0x30, 1), (0x31, 1),
    )),
    ("standard", 0x2A, "0003"),
    ("aovx", 0xF1, "00000e10"), ("aovx", 0xF2, TEXT), ("aovx", 0xF3, "0102"), ("aovx", 0xF8, bytes(29).hex()),
    ("aovx", 0xF6, "02 3f 01cb 006d 0099 010203040506 00112233445566778899 0520"),
    ("aovx", 0xF7, "00000e87 03 46"),
    ("aovx", 0xF9, "003f 00000001 00000002 0003 000000000004 0000000000000005 000000000006"),
    *(("bsj", 0xEB, entries((number, "00" * size))) for number, size in (
        (0x002D, 2), (0x002D, 4), (0x00CE, 2), (0x00B2, 10), (0x00D5, 15),
    )),
    ("bsj", 0xEB, entries((0x0089, "7fffffff"))), ("bsj", 0xEB, entries((0x00C6, "03"))),
    ("c5", 0xE7, "0004 000400000000"), ("c5", 0xF8, "0102"), ("c5", 0xFB, "01"),
    ("g10ls", 0x51, bytes(16).hex()), ("g10ls", 0x61, "0e10"), ("g10ls", 0xF1, "30" * 20), ("g10ls", 0xF3, "01"),
    ("g10ls", 0xF4, "0004"), ("g10ls", 0xF5, bytes(6).hex()),
    ("gps51", 0x51, "0102"), ("gps51", 0x58, "0102"), ("gps51", 0x61, "0e10"), ("gps51", 0xE2, TEXT),
    ("gps51", 0xF1, "30" * 20),
    ("jimi", 0xE8, "2002 01"), ("jimi", 0xE8, "0001 02"), ("jimi", 0xEB, TEXT),
]  # fmt: skip
BODIES = [
    ("standard", 0x0210, "4f 260202104000"),
    ("bsj", 0x0002, "48 1f 01"),
    ("bsj", 0x0002, "48 1f 02"),
]


def leaves(readers):
    for reader in readers:
        if isinstance(reader, HOLDERS):
            yield from leaves(reader.items)
        else:
            yield reader


def due(reader):
    """What must be met of a reader: its bits, values, sizes or layouts, or just that it read something."""
    if isinstance(reader, FlagsItem):
        return set(reader.bits)
    if isinstance(reader, ValuesItem | SourceItem):
        return set(reader.values)
    if isinstance(reader, MaskedItem | KeptItem) and reader.sizes:
        return set(reader.sizes)
    return {id(layout) for layout in reader.layouts} if isinstance(reader, CellsItem) else {"read"}


def shown(reader, data):
    """What of it one entry shows that the reader took."""
    if isinstance(reader, FlagsItem | ValuesItem | SourceItem):
        value = int.from_bytes(data[reader.offset : reader.offset + reader.width], "big")
        low = isinstance(reader, FlagsItem) and reader.active == "low"
        bits = {bit for bit in range(8 * reader.width) if (value >> bit & 1) != low}
        return bits if isinstance(reader, FlagsItem) else {value}
    if isinstance(reader, MaskedItem):
        mask = int.from_bytes(data[reader.mask_at : reader.mask_at + reader.mask_width], "big")
        return {bit for bit in reader.sizes if mask >> bit & 1}
    return {len(data)} if isinstance(reader, KeptItem) and reader.sizes else {"read"}


class Watch:
    """Notes what every reader takes, and which layouts are read."""

    def __init__(self, monkeypatch):
        self.met = defaultdict(set)
        for kind in {cls for leaf in LEAVES for cls in type(leaf).__mro__ if METHOD in vars(cls)} - {Reader}:
            monkeypatch.setattr(kind, METHOD, self._noting(getattr(kind, METHOD)))

    def _noting(self, collect):
        def noted(reader, items, into):
            fits = collect(reader, items, into)
            for data in each(items.at(fits)):
                self.met[id(reader)] |= shown(reader, data)
            if isinstance(reader, CellsItem):
                for layout in reader.taken_by(items)[fits].tolist():
                    self.met[id(reader.layouts[layout])] |= {"read"}
            return fits

        return noted

    def of(self, reader):
        if isinstance(reader, CellsItem):
            return {id(layout) for layout in reader.layouts if self.met[id(layout)]}
        return self.met[id(reader)]


PROFILES = {name: FAMILY.profile(name) for name in FAMILY.profiles}
LEAVES = [leaf for profile in PROFILES.values() for leaf in (*leaves(profile.items), *leaves(profile.bodies))]


def test_every_reader_of_every_profile_reads_something_here(monkeypatch):
    watch = Watch(monkeypatch)
    for profile, item, data in [*((row.profile, row.item, row.data) for row in ROWS), *KNOWN]:
        FAMILY.describe([frame(0x0200, location(items=[(item, bytes.fromhex(data))]))], profile)
    for profile, message, body in BODIES:
        FAMILY.decode(FrameBatch.of([frame(message, bytes.fromhex(body))], profile))
    missing = {
        (name, hex(leaf.id), leaf.kind): due(leaf) - watch.of(leaf)
        for name, profile in PROFILES.items()
        for leaf in (*leaves(profile.items), *leaves(profile.bodies))
        if due(leaf) - watch.of(leaf)
    }
    assert missing == {}
    assert Counter(leaf.kind for leaf in LEAVES).keys() >= {"kept", "flags", "values", "number", "cells", "event"}


@pytest.mark.parametrize(("profile", "item", "data"), KNOWN)
def test_what_a_profile_knows_is_not_listed_as_unknown(profile, item, data):
    raw = frame(0x0200, location(items=[(item, bytes.fromhex(data))]))
    (account,) = FAMILY.describe([raw], profile)
    assert account["unknown_items"] == []
    (report,) = account["reports"]
    assert (report["located"], report["time"]) == (True, "2026-02-02T02:40:00Z")
    assert FAMILY.session(profile).feed(raw, NOON)[0].device_times == (NOON,)


@pytest.mark.parametrize("edition_2019", [False, True])
@pytest.mark.parametrize("profile", FAMILY.profiles)
def test_every_alarm_bit_says_something_and_is_answered_alike_under_every_profile(profile, edition_2019):
    raws = [frame(0x0200, location(alarm=1 << bit), edition_2019=edition_2019) for bit in range(32)]
    for plain, own in zip(FAMILY.describe(raws, "standard"), FAMILY.describe(raws, profile), strict=True):
        # In 2019 the bits 15 to 17 have another meaning than with the makers: their word goes before the standard's.
        hidden = set(plain["reports"][0]["flags"]) - set(own["reports"][0]["flags"])
        assert hidden <= ({"forbidden_time", "tyre_pressure", "blind_zone"} if edition_2019 else set())
        assert own["reports"][0]["flags"]
        assert plain["reply"] == own["reply"] is not None
