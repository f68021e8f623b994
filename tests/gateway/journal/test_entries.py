from __future__ import annotations

from entry_rows import gathered, rows
from gateway_entries import listed
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.journal.entries import EntryKind, Origin, merge

SAMPLE = (EntryKind.FRAME, 1.0, Origin("B1"), b"abc")


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


@must_meet("origins of others", "none of them")
@given(rows, st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
@example([SAMPLE, (EntryKind.TICK, 2.0, Origin("B2"), b""), (EntryKind.FRAME, 3.0, Origin("B3"), b"d")], (0.3, 0.7))
@example([SAMPLE] * 4, (0.5, 0.5))
def test_a_compact_slice_shows_the_same_and_has_no_more_origins_than_entries(met, items, ends):
    batch = gathered(items)
    part = batch.slice(*(round(end * len(batch)) for end in sorted(ends)))
    compact = part.compact()
    met["origins of others"] += len(part.origins) > len(part) > 0
    met["none of them"] += len(part) == 0
    assert listed(compact) == listed(part)
    assert len(compact.origins) <= len(part)
    assert compact.origin.dtype == part.origin.dtype


def test_the_numbers_of_kinds_are_what_stands_on_disks():
    assert {kind.name: int(kind) for kind in EntryKind} == {
        "FRAME": 1, "START": 2, "STOP": 3, "TICK": 4, "OPENED": 5, "CLOSED": 6, "CONFIGURATION": 7, "ACT": 8,
        "FRAGMENT": 9, "COMMAND": 10, "RESULT": 11, "CLOCK": 12, "SKIPPED": 13, "ERASED": 14,
        "TOWERS": 15, "DEED": 16, "TEST": 17, "NOTICE": 18, "RELOAD": 19, "REMINDER": 20, "ERASURE": 21,
            "IMPORTED": 22, "AUDIT": 23, "PAPER": 24,
    }  # fmt: skip
