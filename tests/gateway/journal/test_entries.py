from __future__ import annotations

from entry_rows import gathered, rows
from gateway_entries import listed
from hypothesis import given
from hypothesis import strategies as st

from gateway.journal.entries import merge


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
