"""Rows of format 2: what is stored of a batch, and the leaves and the root as the layout says they are."""

from __future__ import annotations

import struct
from hashlib import sha256
from types import SimpleNamespace

import msgspec
import pytest
from entry_rows import gathered, rows
from gateway_entries import listed
from hypothesis import example, given
from met import must_meet

from gateway.errors import OurFault
from gateway.journal import row2
from gateway.journal.entries import EntryKind, Origin
from gateway.journal.leaves import is_sound, leaves_of, root_of
from gateway.journal.merkle import top_of

SALTS = bytes(range(256)) * 100


class Numbered(dict):
    """A table of origins, as a reader and as a writer have it."""

    def enter(self, batch) -> list[int]:
        used = [batch.origins[index] for index in row2.used_origins(batch)]
        return [self.setdefault(origin, 7 + 2 * len(self)) for origin in used]

    def read(self, numbers):
        by_number = {number: origin for origin, number in self.items()}
        return tuple(by_number[number] for number in numbers)

    def digests(self, numbers):
        return [sha256(msgspec.json.encode(origin)).digest() for origin in self.read(numbers)]


def stored(items) -> SimpleNamespace:
    batch, table = gathered(items), Numbered({Origin("first of all"): 3})
    columns = row2.columns_of(batch, row2.used_origins(batch), table.enter(batch), SALTS[: 16 * len(batch)])
    return SimpleNamespace(columns=columns, table=table, body=row2.pack(columns))


MIXED = [
    (EntryKind.FRAME, 1.0, Origin("B1"), b"abc"), (EntryKind.TICK, 1.0, Origin(), b""),
    (EntryKind.FRAME, 2.0, Origin("B1"), bytes(60)),
]  # fmt: skip


@must_meet("one origin twice", "several origins", "no payload")
@given(rows)
@example(MIXED)
def test_a_batch_survives_its_body(met, items):
    one, origins = stored(items), {origin for _, _, origin, _ in items}
    met["one origin twice"] += len(origins) < len(items)
    met["several origins"] += len(origins) > 1
    met["no payload"] += any(not payload for *_, payload in items)
    assert listed(row2.decode(one.body, one.table.read)) == [(int(k), t, o, p) for k, t, o, p in items]
    assert is_sound(row2.unpack(one.body))


@given(rows)
@example(MIXED)
def test_leaves_and_root_are_what_the_layout_says(items):
    one = stored(items)
    wanted = [
        sha256(
            b"\0" + SALTS[16 * at : 16 * at + 16] + struct.pack("<Bd", kind, time)
            + sha256(msgspec.json.encode(origin)).digest() + payload
        ).digest()
        for at, (kind, time, origin, payload) in enumerate(items)
    ]  # fmt: skip
    assert leaves_of(one.columns, one.table.digests(one.columns.references.tolist())) == wanted
    head = struct.pack("<cqIdd", b"\x02", 77, len(items), items[0][1], items[-1][1])
    assert root_of(77, one.columns, wanted) == sha256(head + top_of(wanted)).digest()


def test_a_part_of_a_batch_refers_to_its_own_origins_alone():
    origins = [Origin(f"B{number}") for number in range(5)]
    whole = gathered([(EntryKind.FRAME, 1.0, origin, b"x") for origin in origins])
    assert row2.used_origins(whole.slice(1, 3)) == [1, 2]
    part = whole.slice(1, 3)
    assert row2.columns_of(part, [1, 2], [9, 4], SALTS[:32]).references.tolist() == [4, 9]
    assert row2.columns_of(part, [1, 2], [4, 4], SALTS[:32]).references.tolist() == [4]


@pytest.mark.parametrize("damage", [b"", b"BGE2", b"BGE2" + b"x" * 40, b"BGE2" + bytes(16)])
def test_a_damaged_row_is_our_fault_and_says_so(damage):
    with pytest.raises(OurFault, match="journal row"):
        row2.decode(damage, dict)


def test_a_cut_row_is_noticed():
    with pytest.raises(OurFault, match="wrong size"):
        row2.unpack(stored([(EntryKind.FRAME, 1.0, Origin("B1"), b"abc")]).body[:-1])
