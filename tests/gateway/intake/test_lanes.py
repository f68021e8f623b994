"""What waits for the writer: urgent overtakes other connections, never its own; nothing overtakes a start or a stop."""

from __future__ import annotations

from collections import OrderedDict

from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from gateway.intake.lanes import Item, Lanes, Strand
from gateway.journal.entries import EntryKind

KIND = EntryKind.FRAME


class Desk:
    """Lanes whose items are told apart by what they carry: (connection, number)."""

    def __init__(self, connections: int = 4) -> None:
        self.lanes = Lanes()
        self.strands = [Strand() for _ in range(connections)]
        self.put: list[tuple[int, int]] = []
        self.urgent: set[tuple[int, int]] = set()

    def item(self, connection: int, payload: bytes = b"") -> Item:
        strand = self.strands[connection] if connection >= 0 else Strand()
        name = (connection, len(self.put))
        self.put.append(name)
        return Item(strand, float(len(self.put)), KIND, payload=payload or repr(name).encode())

    def usual(self, connection: int) -> None:
        self.lanes.put(self.item(connection))

    def call(self, connection: int) -> None:
        self.urgent.add((connection, len(self.put)))
        self.lanes.put_urgent(self.item(connection))

    def taken(self, count: int = 1 << 30) -> list[tuple[int, int]]:
        names = []
        while len(self.lanes) and len(names) < count:
            connection, number = self.lanes.pop().payload.decode().strip("()").split(",")
            names.append((int(connection), int(number)))
        return names


def test_a_call_overtakes_what_waits_of_others_and_takes_along_its_own():
    desk = Desk()
    for connection in (0, 1, 0, 2, 1):
        desk.usual(connection)
    desk.call(1)
    desk.usual(1)
    desk.call(2)
    assert desk.lanes.figures() == {"urgent": 5, "usual": 3}
    assert desk.taken() == [(1, 1), (1, 4), (1, 5), (2, 3), (2, 7), (0, 0), (0, 2), (1, 6)]


def test_a_new_connection_of_the_same_device_does_not_overtake_the_old_one():
    desk = Desk()
    for connection in (0, 1, 2, 3):
        desk.usual(connection)
    desk.strands[2].follow(desk.strands[1])
    desk.strands[3].follow(desk.strands[2])
    desk.strands[3].follow(desk.strands[1])
    desk.call(3)
    assert desk.taken() == [(1, 1), (2, 2), (3, 3), (3, 4), (0, 0)]


def test_connections_long_gone_are_not_remembered():
    desk = Desk(1000)
    for connection in range(1, 1000):
        desk.strands[connection].follow(desk.strands[connection - 1])
        desk.usual(connection)
        desk.taken()
    assert not any(strand.follows for strand in desk.strands)


def test_a_very_long_line_of_connections_goes_in_order():
    desk = Desk(5000)
    for connection in range(5000):
        desk.usual(connection)
        desk.strands[connection].follow(desk.strands[connection - 1]) if connection else None
    desk.call(4999)
    assert [connection for connection, _ in desk.taken()] == [*range(5000), 4999]


def test_nothing_overtakes_a_fence_and_it_overtakes_nothing():
    desk = Desk()
    desk.usual(0)
    desk.call(1)
    desk.lanes.put_fence(desk.item(-1))
    desk.usual(0)
    desk.call(0)
    desk.call(-1)
    assert desk.taken() == [(1, 1), (0, 0), (-1, 2), (0, 3), (0, 4), (-1, 5)]


class Unwalked(OrderedDict):
    def __iter__(self):
        raise AssertionError("all that waits is walked over")


def test_a_call_costs_what_waits_of_its_connection_and_not_all_that_waits():
    desk = Desk(2)
    desk.lanes._usual = Unwalked()
    for _ in range(50):
        desk.usual(0)
    desk.usual(1)
    desk.call(1)
    assert desk.lanes.figures() == {"urgent": 2, "usual": 50}
    assert desk.taken(2) == [(1, 50), (1, 51)]


def test_the_oldest_is_found_in_either_lane():
    desk = Desk()
    assert desk.lanes.oldest() is None
    desk.usual(0)
    desk.usual(1)
    desk.call(1)
    assert desk.lanes.oldest() == 1.0
    desk.taken(2)
    assert desk.lanes.oldest() == 1.0
    desk.taken(1)
    assert desk.lanes.oldest() is None


def test_the_last_that_waits_of_a_connection_is_known_until_it_is_taken():
    desk = Desk()
    desk.usual(0)
    desk.call(0)
    assert desk.strands[0].last is not None
    assert desk.strands[0].last.payload == b"(0, 1)"
    desk.taken(1)
    assert desk.strands[0].last.payload == b"(0, 1)"
    desk.taken()
    assert desk.strands[0].last is None


DEEDS = st.lists(st.tuples(st.sampled_from("uuuucft"), st.integers(0, 5), st.integers(1, 4)), max_size=80)


@must_meet("a call overtakes", "a batch while calls wait", "a fence among others", "an empty batch")
@settings(max_examples=examples(300))
@given(DEEDS)
@example([("t", 0, 1), ("u", 0, 1), ("c", 1, 1), ("c", 1, 1), ("t", 0, 1), ("f", 0, 1), ("u", 0, 1)])
def test_order_within_each_connection_is_kept_and_all_is_taken_once(met, deeds):
    """u: usual, c: a call, f: a fence, t: a batch of so many."""
    desk, taken, fences = Desk(6), [], []
    for deed, connection, count in deeds:
        if deed == "u":
            desk.usual(connection)
        elif deed == "c":
            desk.call(connection)
        elif deed == "f":
            fences.append((-1, len(desk.put)))
            desk.lanes.put_fence(desk.item(-1))
        else:
            batch = desk.taken(count)
            taken += batch
            met["an empty batch"] += not batch
            met["a batch while calls wait"] += desk.lanes.figures()["urgent"] > 0
            if desk.lanes.figures()["urgent"]:
                ahead = [*desk.urgent, *((who, number) for who in range(6) for _, number in fences)]
                assert all(name in desk.urgent or name[0] < 0 or any(
                    who == name[0] and number > name[1] for who, number in ahead
                ) for name in batch)  # fmt: skip
    taken += desk.taken()
    assert sorted(taken) == sorted(desk.put)
    met["a call overtakes"] += taken != desk.put
    met["a fence among others"] += any(0 < desk.put.index(fence) < len(desk.put) - 1 for fence in fences)
    for connection in range(6):
        mine = [number for who, number in taken if who == connection]
        assert mine == sorted(mine)
    for fence in fences:
        place, number = taken.index(fence), fence[1]
        assert all(other < number for _, other in taken[:place])
        assert all(other > number for _, other in taken[place + 1 :])
    assert all(not strand.usual and strand.last is None for strand in desk.strands)
