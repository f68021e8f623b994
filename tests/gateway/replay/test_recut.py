"""Entries cut anew: the same ones in the same order, so many at a time, whatever the batches were."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin
from gateway.replay.reading import recut


def batches(sizes: list[int]) -> list[EntryBatch]:
    """Batches with entries that are told apart, each batch with origins of its own."""
    made, number = [], 0
    for size in sizes:
        gathering = Gathering()
        for _ in range(size):
            origin = Origin(f"B{number % 3}", peer=str(len(made) % 2))
            gathering.add(EntryKind.FRAME, float(number), origin, b"x" * (number % 4) + str(number).encode())
            number += 1
        made.append(gathering.batch())
    return made


def told(batch: EntryBatch) -> list[tuple]:
    return [
        (int(batch.kind[at]), float(batch.received[at]), batch.origin_of(at), batch.bytes_of(at))
        for at in range(len(batch))
    ]


@given(sizes=st.lists(st.integers(0, 9), max_size=8), most=st.integers(1, 12))
@example(sizes=[5, 5], most=5)
@example(sizes=[0, 13, 0], most=4)
@example(sizes=[], most=1)
def test_all_entries_come_in_order_and_so_many_at_a_time(sizes, most):
    whole = [each for batch in batches(sizes) for each in told(batch)]
    found = [told(batch) for batch in recut(batches(sizes), most)]
    assert [each for batch in found for each in batch] == whole
    assert all(len(batch) == most for batch in found[:-1])
    assert all(1 <= len(batch) <= most for batch in found)


def test_no_more_is_read_than_the_next_batch_needs():
    read = []

    def reading():
        for batch in batches([2, 2, 2, 2]):
            read.append(len(batch))
            yield batch

    cut = recut(reading(), 3)
    assert len(next(cut)) == 3
    assert len(read) == 2
