"""Rows of connections: one each, as new for whoever comes after, and nothing ever settled where nobody sits."""

from __future__ import annotations

import numpy as np

from gateway.intake.device_clock import Clocks, DeviceClock
from gateway.intake.seats import NOBODY, RESTLESS, UNSEEN, Seats
from gateway.intake.turns import Settled
from gateway.journal.entries import NO_ORIGIN, Origin
from protocols.gt06.seats import SEAT as GT06
from protocols.jt808.seats import SEAT as JT808


class Family:
    """What reads turns of a wire."""

    def __init__(self, seat_record: np.dtype) -> None:
        self.seat_record = seat_record


def found(name: str, family: Family, clocks: Clocks) -> Settled:
    clock = DeviceClock(clocks=clocks)
    record = np.zeros(1, family.seat_record).tobytes()
    return Settled("any", record, Origin(device=name), f"facts of {name}", clock, (1.0, 2.0, 3.0))


def test_who_settles_has_all_in_its_row_by_family():
    seats, clocks, families = Seats(), Clocks(), (Family(JT808), Family(GT06))
    first, second = (seats.take(5.0) for _ in families)
    assert seats.family[[first, second]].tolist() == [UNSEEN, UNSEEN]
    several = [found(name, family, clocks) for name, family in zip(("B1", "B2"), families, strict=True)]
    for row, one, family in zip((first, second), several, families, strict=True):
        seats.settle(row, one, family)
    assert seats.families == list(families)
    assert seats.family[[first, second]].tolist() == [0, 1]
    assert [records.dtype for records in seats.records] == [JT808, GT06]
    assert (seats.origins[second].device, seats.facts[second]) == ("B2", "facts of B2")
    assert seats.grant[first].tolist() == (1.0, 2.0, 3.0)
    assert seats.clock[[first, second]].tolist() == [one.clock.row for one in several]


def test_a_row_is_as_new_for_whoever_comes_after():
    seats, clocks = Seats(), Clocks()
    row = seats.take(5.0)
    seats.settle(row, found("B1", Family(JT808), clocks), Family(JT808))
    seats.paid[row] = 9.0
    seats.drop(row)
    assert seats.take(7.0) == row
    assert (seats.family[row], seats.heard[row], seats.paid[row]) == (UNSEEN, 7.0, 0.0)
    assert seats.origins[row] is NO_ORIGIN


def test_nobody_s_row_never_settles_and_is_never_given():
    seats = Seats()
    seats.drop(NOBODY)
    seats.unsettle(NOBODY)
    assert seats.family[NOBODY] == RESTLESS
    rows = [seats.take(0.0) for _ in range(300)]
    assert NOBODY not in rows
    assert len(set(rows)) == 300


def test_more_connections_leave_those_that_are_there_as_they_were():
    seats, family = Seats(), Family(JT808)
    row = seats.take(1.0)
    seats.settle(row, found("B1", family, Clocks()), family)
    for _ in range(300):
        seats.take(2.0)
    assert (seats.family[row], seats.origins[row].device, seats.heard[row]) == (0, "B1", 1.0)
    assert len(seats.records[0]) == len(seats.family) == len(seats.origins) == len(seats.facts)
