from __future__ import annotations

import pytest
from gateway_entries import listed
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import OurFault
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin, merge

origins = st.builds(Origin, device=st.text(max_size=5), profile=st.sampled_from(["standard", "g10ls"]))
rows = st.lists(st.tuples(st.sampled_from(EntryKind), st.floats(0, 2e9), origins, st.binary(max_size=60)), min_size=1)


def gathered(items: list[tuple[EntryKind, float, Origin, bytes]]) -> EntryBatch:
    gathering = Gathering()
    for item in items:
        gathering.add(*item)
    return gathering.batch()


@given(rows)
def test_a_batch_survives_its_blob(items):
    assert listed(EntryBatch.decode(gathered(items).encode())) == [(int(k), t, o, p) for k, t, o, p in items]


@given(st.lists(rows, min_size=1, max_size=4))
def test_merging_keeps_order_and_content(groups):
    assert listed(merge([gathered(group) for group in groups])) == [
        (int(k), t, o, p) for group in groups for k, t, o, p in group
    ]


@given(rows, st.data())
def test_a_slice_shows_its_entries_and_can_be_merged(items, data):
    batch = gathered(items)
    first = data.draw(st.integers(0, len(batch)))
    until = data.draw(st.integers(first, len(batch)))
    expected = [(int(k), t, o, p) for k, t, o, p in items[first:until]]
    assert listed(batch.slice(first, until)) == expected
    if until > first:
        assert listed(merge([batch.slice(first, until)])) == expected


@pytest.mark.parametrize("damage", [b"", b"BGE1", b"x" * 40])
def test_a_damaged_row_is_our_fault_and_says_so(damage):
    with pytest.raises(OurFault, match="journal row"):
        EntryBatch.decode(damage)


def test_a_cut_row_is_noticed():
    blob = gathered([(EntryKind.FRAME, 1.0, Origin("B1"), b"abc")]).encode()
    with pytest.raises(OurFault, match="wrong size"):
        EntryBatch.decode(blob[:-1])
