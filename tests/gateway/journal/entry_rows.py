"""Entries of every kind, drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st

from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin

origins = st.builds(Origin, device=st.text(max_size=5), profile=st.sampled_from(["standard", "g10ls"]))
KINDS = [kind for kind in EntryKind if kind is not EntryKind.ERASED]
rows = st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 2e9), origins, st.binary(max_size=60)), min_size=1)


def gathered(items: list[tuple[EntryKind, float, Origin, bytes]]) -> EntryBatch:
    gathering = Gathering()
    for item in items:
        gathering.add(*item)
    return gathering.batch()
