"""What is durable waits for what follows at once, a moment at most, and goes on as one."""

from __future__ import annotations

from gateway.daemon.durable import Durable
from gateway.journal.entries import EntryKind, Gathering, Origin


def frames(*payloads: bytes):
    gathering = Gathering()
    for payload in payloads:
        gathering.add(EntryKind.FRAME, 7.0, Origin(device="B1"), payload)
    return gathering.batch()


def test_enough_entries_are_due():
    durable = Durable(3)
    durable.add(0, frames(b"a", b"b"), is_urgent=False)
    assert not durable.are_due
    durable.add(2, frames(b"c"), is_urgent=False)
    assert durable.are_due


def test_what_is_urgent_waits_for_nothing_and_takes_along_what_came_before():
    durable = Durable(10)
    durable.add(0, frames(b"a"), is_urgent=False)
    durable.add(1, frames(b"help"), is_urgent=True)
    assert durable.are_due
    assert len(durable.pop()[1]) == 2
    durable.add(2, frames(b"b"), is_urgent=False)
    assert not durable.are_due


def test_what_waited_goes_on_as_one_in_order_and_once():
    durable = Durable(10)
    durable.add(5, frames(b"a", b"bc"), is_urgent=False)
    durable.add(7, frames(b"def"), is_urgent=False)
    first, batch = durable.pop()
    assert (first, [batch.bytes_of(index) for index in range(len(batch))]) == (5, [b"a", b"bc", b"def"])
    assert not durable.are_due
    assert not len(durable)
    durable.add(8, frames(b"g"), is_urgent=False)
    assert durable.pop()[0] == 8
