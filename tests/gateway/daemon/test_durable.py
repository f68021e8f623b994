"""What is durable waits for what follows at once, a moment at most, and goes on as one."""

from __future__ import annotations

from gateway.daemon.durable import MOMENT, Durable
from gateway.journal.entries import EntryKind, Gathering, Origin

NOW = 50.0


def frames(*payloads: bytes):
    gathering = Gathering()
    for payload in payloads:
        gathering.add(EntryKind.FRAME, 7.0, Origin(device="B1"), payload)
    return gathering.batch()


def test_where_nothing_follows_nothing_is_waited_for():
    durable = Durable(10)
    assert not durable.is_due(NOW, more=False)
    durable.add(3, frames(b"a"), NOW)
    assert durable.is_due(NOW, more=False)
    assert not durable.is_due(NOW, more=True)


def test_enough_entries_and_a_moment_end_the_wait():
    durable = Durable(3)
    durable.add(0, frames(b"a", b"b"), NOW)
    assert not durable.is_due(NOW + 0.9 * MOMENT, more=True)
    assert durable.is_due(NOW + 1.1 * MOMENT, more=True)
    durable.add(2, frames(b"c"), NOW)
    assert durable.is_due(NOW, more=True)


def test_what_waited_goes_on_as_one_in_order_and_once():
    durable = Durable(10)
    durable.add(5, frames(b"a", b"bc"), NOW)
    durable.add(7, frames(b"def"), NOW)
    first, batch = durable.pop()
    assert (first, [batch.bytes_of(index) for index in range(len(batch))]) == (5, [b"a", b"bc", b"def"])
    assert not durable.is_due(NOW + 1.0, more=False)
    durable.add(8, frames(b"g"), NOW + 2.0)
    assert durable.pop()[0] == 8
