"""Where each kind of entry goes, and of which partition somebody is for ever."""

from __future__ import annotations

import numpy as np
import pytest

from gateway.journal.entries import EntryKind
from gateway.partition.homes import home_of
from gateway.partition.kinds import WAY, WAYS, Way


def test_every_kind_of_entry_has_its_way():
    assert set(WAYS) == set(EntryKind)
    assert all(WAY[kind] == way for kind, way in WAYS.items())


def test_a_kind_that_is_not_known_yet_is_in_no_partition_missed():
    assert (np.delete(WAY, [int(kind) for kind in EntryKind]) == Way.ALL).all()


@pytest.mark.parametrize(("key", "homes"), [("P1", (0, 1, 1, 1)), ("P2", (0, 0, 0, 2)), ("P-2041", (0, 0, 1, 0))])
def test_who_is_of_which_partition_is_so_for_ever(key, homes):
    assert tuple(home_of("330100", key, partitions) for partitions in (1, 2, 3, 4)) == homes


def test_people_are_spread_evenly_and_otherwise_in_another_county():
    here, there = ([home_of(county, f"P{at}", 4) for at in range(4000)] for county in ("330100", "330200"))
    assert np.bincount(here).tolist() == pytest.approx([1000] * 4, abs=100)
    assert np.mean(np.array(here) == np.array(there)) == pytest.approx(0.25, abs=0.05)
