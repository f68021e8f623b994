"""What is durable waits for what follows at once, a moment at most, and goes on as one."""

from __future__ import annotations

import pytest

from gateway.daemon.durable import APART, Durable
from gateway.journal.entries import EntryKind, Gathering, Origin


def frames(*payloads: bytes, kind: EntryKind = EntryKind.FRAME):
    gathering = Gathering()
    for payload in payloads:
        gathering.add(kind, 7.0, Origin(device="B1"), payload)
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
    assert len(durable.pop(0.0)[1]) == 2
    durable.add(2, frames(b"b"), is_urgent=False)
    assert not durable.are_due


def test_what_waited_goes_on_as_one_in_order_and_once():
    durable = Durable(10)
    durable.add(5, frames(b"a", b"bc"), is_urgent=False)
    durable.add(7, frames(b"def"), is_urgent=False)
    first, batch = durable.pop(0.0)
    assert (first, [batch.bytes_of(index) for index in range(len(batch))]) == (5, [b"a", b"bc", b"def"])
    assert not durable.are_due
    assert not len(durable)
    durable.add(8, frames(b"g"), is_urgent=False)
    assert durable.pop(0.0)[0] == 8


def test_after_a_pause_nothing_is_waited_for_and_between_two_steps_a_while():
    durable = Durable(10)
    durable.add(0, frames(b"a"), is_urgent=False)
    assert durable.wait(100.0) == 0.0
    durable.pop(100.0)
    durable.add(1, frames(b"b"), is_urgent=False)
    assert durable.wait(100.0 + APART / 4) == pytest.approx(APART * 3 / 4)
    assert durable.wait(100.0 + APART) == 0.0


@pytest.mark.parametrize("kind", sorted(EntryKind))
def test_whatever_somebody_may_wait_for_is_due_at_once(kind):
    durable = Durable(10)
    durable.add(0, frames(b"", kind=kind), is_urgent=False)
    waits = {EntryKind.FRAME, EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED}
    assert durable.are_due is (kind not in waits)
