from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.errors import OurFault
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin, merge

origins = st.builds(Origin, device=st.text(max_size=5), profile=st.sampled_from(["standard", "g10ls"]))
rows = st.lists(st.tuples(st.sampled_from(EntryKind), st.floats(0, 2e9), origins, st.binary(max_size=60)), min_size=1)
SAMPLE = (EntryKind.FRAME, 1.0, Origin("B1"), b"abc")


def gathered(items: list[tuple[EntryKind, float, Origin, bytes]]) -> EntryBatch:
    gathering = Gathering()
    for item in items:
        gathering.add(*item)
    return gathering.batch()


def listed(batch: EntryBatch) -> list[tuple[int, float, Origin, bytes]]:
    return [
        (int(batch.kind[i]), float(batch.received[i]), batch.origin_of(i), batch.bytes_of(i)) for i in range(len(batch))
    ]


@must_meet("none", "several")
@given(rows)
@example([])
@example([SAMPLE, SAMPLE])
def test_a_batch_survives_its_blob(met, items):
    met["several" if len(items) > 1 else "one" if items else "none"] += 1
    assert listed(EntryBatch.decode(gathered(items).encode())) == [(int(k), t, o, p) for k, t, o, p in items]


@must_meet("an empty batch", "several batches")
@given(st.lists(rows, min_size=1, max_size=4))
@example([[SAMPLE], [], [SAMPLE, SAMPLE]])
def test_merging_keeps_order_and_content(met, groups):
    met["an empty batch"] += [] in groups
    met["several batches"] += len(groups) > 1
    assert listed(merge([gathered(group) for group in groups])) == [
        (int(k), t, o, p) for group in groups for k, t, o, p in group
    ]


@must_meet("empty", "from within", "up to within", "all")
@given(rows, st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
@example([SAMPLE] * 4, (0.25, 0.75))
@example([SAMPLE] * 4, (0.5, 0.5))
@example([SAMPLE] * 4, (0.0, 1.0))
def test_a_slice_shows_its_entries_and_can_be_merged(met, items, ends):
    batch = gathered(items)
    first, until = (round(end * len(batch)) for end in sorted(ends))
    met["empty"] += first == until
    met["from within"] += 0 < first < until
    met["up to within"] += first < until < len(batch)
    met["all"] += 0 == first < until == len(batch)
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
