"""Blocks of plain frames in the lanes: cut where a batch is full, drawn where their connection calls; order stays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from met import must_meet

from gateway.intake.block import Block
from gateway.intake.lanes import Item, Lanes, Strand
from gateway.journal.entries import NO_ORIGIN, EntryKind


@dataclass(eq=False)
class Visit:
    strand: Strand = field(default_factory=Strand)
    answers_singly: bool = False
    given: int = 0

    def claim(self, count: int) -> int:
        first, self.given = self.given, self.given + count
        return first


@dataclass(eq=False)
class Speaker:
    """A connection: what it is written, and what is numbered as it leaves."""

    visit: Visit = field(default_factory=Visit)
    is_paced: bool = False
    written: list[bytes] = field(default_factory=list)
    unnumbered: list[bytes] = field(default_factory=list)

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def answer(self, data: bytes) -> None:
        self.unnumbered.append(data)


class Echoes:
    """Answers a frame by two bytes: the terminal's serial and ours."""

    says_serials = True

    def answers(self, _seats, _message, serial, ours):
        said = np.stack([serial, ours], axis=1).astype(np.uint8)
        return said.tobytes(), np.arange(2, 2 * len(serial) + 1, 2)


def block(speakers, rows):
    """Frames (connection, serial) of one byte each, ascending by connection."""
    connection = np.array([place for place, _ in rows], np.int64)
    serial = np.array([number for _, number in rows], np.int64)
    return Block(
        0.0, Echoes(), list(speakers), [NO_ORIGIN] * len(speakers), np.zeros(len(speakers), "u1"), connection,
        np.ones(len(rows), np.int64), np.zeros(len(rows), np.int64), serial, bytes(serial.astype(np.uint8)),
    )  # fmt: skip


def test_a_connection_hears_its_answers_in_order_in_one_write_with_our_serials():
    first, second = Speaker(), Speaker(Visit(given=7))
    block([first, second], [(0, 50), (1, 60), (1, 61)]).answer()
    assert first.written == [bytes((50, 0))]
    assert second.written == [bytes((60, 7, 61, 8))]
    assert second.visit.given == 9


def test_who_takes_one_answer_at_a_time_gets_one_a_write_and_who_has_orders_gets_them_unnumbered():
    single, paced = Speaker(Visit(answers_singly=True)), Speaker(Visit(given=3), is_paced=True)
    block([single, paced], [(0, 1), (0, 2), (1, 3), (1, 4)]).answer()
    assert single.written == [bytes((1, 0)), bytes((2, 1))]
    assert paced.unnumbered == [bytes((3, 0)), bytes((4, 0))]
    assert (paced.written, paced.visit.given) == ([], 3)


def test_a_block_is_cut_at_rows_and_bytes_but_gives_one_row_at_least():
    speakers = [Speaker(), Speaker()]
    waiting = block(speakers, [(0, 1), (0, 2), (1, 3), (1, 4)])
    assert [len(waiting.cut(3, 2)), len(waiting)] == [2, 2]
    head = waiting.cut(9, 0)
    assert (head.payload, waiting.payload, waiting.speakers) == (b"\3", b"\4", [speakers[1]])


class Room:
    """Lanes of five connections, and what came and left of each."""

    def __init__(self, met) -> None:
        self.met = met
        self.lanes, self.speakers = Lanes(), [Speaker() for _ in range(5)]
        self.came: list[list[int]] = [[] for _ in self.speakers]
        self.left: list[list[int]] = [[] for _ in self.speakers]
        self.number = self.waiting = 0

    def block(self, who: list[int]) -> None:
        there = sorted(set(who))
        rows = [(there.index(one), self._come(one)) for one in sorted(who)]
        self.lanes.put_block(block([self.speakers[one] for one in there], rows))

    def usual(self, who: int) -> None:
        self.lanes.put(self._item(who))

    def urgent(self, who: int) -> None:
        item = self._item(who)
        self.met["drawn"] += any(isinstance(one, Block) for one in item.strand.usual)
        self.lanes.put_urgent(item)

    def fence(self, _) -> None:
        self.lanes.put_fence(Item(Strand(), 0.0, EntryKind.START))
        self.waiting += 1

    def pop(self, rows: int) -> None:
        if not len(self.lanes):
            return
        head = self.lanes.pop(rows, 1 << 20)
        if isinstance(head, Block):
            self.met["cut"] += len(head) == rows
            for place, serial in zip(head.connection.tolist(), head.serial.tolist(), strict=True):
                self.left[self.speakers.index(head.speakers[place])].append(serial)
        elif head.payload:
            strands = [one.visit.strand for one in self.speakers]
            self.left[strands.index(head.strand)].append(int(head.payload))
        self.waiting -= len(head) if isinstance(head, Block) else 1
        assert len(self.lanes) == self.waiting == sum(self.lanes.figures().values())

    def _item(self, who: int) -> Item:
        payload = str(self._come(who)).encode()
        return Item(self.speakers[who].visit.strand, 0.0, EntryKind.FRAME, payload=payload)

    def _come(self, who: int) -> int:
        self.came[who].append(self.number)
        self.number, self.waiting = self.number + 1, self.waiting + 1
        return self.number - 1


WHO = st.integers(0, 4)
DEEDS = st.one_of(
    st.tuples(st.just("block"), st.lists(WHO, min_size=1, max_size=8)),
    st.tuples(st.just("usual"), WHO),
    st.tuples(st.just("urgent"), WHO),
    st.tuples(st.just("fence"), st.none()),
    st.tuples(st.just("pop"), st.integers(1, 4)),
)


@must_meet("drawn", "cut", times=20)
@settings(max_examples=examples(600))
@given(st.lists(DEEDS, max_size=30))
def test_whatever_waits_of_a_connection_leaves_in_the_order_in_which_it_came(met, deeds):
    room = Room(met)
    for deed, what in deeds:
        getattr(room, deed)(what)
    while len(room.lanes):
        room.pop(3)
    assert room.left == room.came
