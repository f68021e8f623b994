"""A long past is worked out piece by piece, and no moment of it twice or not at all."""

from __future__ import annotations

import pytest

from gateway.evidence.record import PIECE, pieces


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [(0.0, 1.0, 1), (5.0, 5.0 + PIECE, 1), (5.0, 6.0 + PIECE, 2), (0.0, 26 * PIECE, 26), (3.0, 3.0, 0)],
)
def test_pieces_follow_each_other_from_the_first_moment_to_the_last(since, until, count):
    found = list(pieces(since, until))
    assert len(found) == count
    assert all(begin < end <= begin + PIECE for begin, end in found)
    assert [end for _, end in found[:-1]] == [begin for begin, _ in found[1:]]
    if found:
        assert (found[0][0], found[-1][1]) == (since, until)
