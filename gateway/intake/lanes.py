"""What waits for the writer, by class: calls for help and tampering overtake what waits of other connections.

Two lanes, of which the urgent one is emptied first. When something urgent comes from a connection, all of that
connection that still waits goes to the urgent lane before it, so that order within a connection stays; what follows it
goes to the usual lane again. So what is put into the usual lane comes after everything that was put in before it, of
whatever connection, and what is put into the urgent lane after everything urgent.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.journal.entries import NO_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gateway.intake.block import Block
    from gateway.journal.entries import EntryKind, Origin
    from gateway.ports import Channel


@dataclass(slots=True, eq=False)
class Strand:
    """One connection: what of it waits in the usual lane, in order, and whose place it has taken.

    Attributes:
        usual: its items in the usual lane, and the blocks there that have rows of it. A list, for mostly it is
            empty, and an empty deque has room for 64.
        last: the last of its items that wait, in whichever lane; None: none does.
        follows: strands of the same devices that came before it and must not be overtaken by it.
    """

    usual: list[Item | Block] = field(default_factory=list)
    last: Item | None = None
    follows: list[Strand] = field(default_factory=list)

    def follow(self, earlier: Strand) -> None:
        """A device of ``earlier`` speaks here from now on: what waits there of it goes first."""
        if earlier.usual and earlier not in self.follows:
            self.follows.append(earlier)


@dataclass(slots=True, eq=False)
class Item:
    """Something that waits.

    Attributes:
        since: monotonic seconds when it came.
        kind: of its entry; None: it is none.
        channel, answer: what leaves once it is durable; empty: nothing.
        releases: called after that.
        frame: the frame's name, where it is followed.
    """

    strand: Strand
    since: float
    kind: EntryKind | None = None
    origin: Origin = NO_ORIGIN
    payload: bytes = b""
    channel: Channel | None = None
    answer: bytes = b""
    releases: tuple[Callable[[], None], ...] = ()
    frame: str = ""


_USUAL, _URGENT = range(2)


@dataclass(slots=True)
class Lanes:
    """All that waits."""

    _urgent: deque[Item | Block] = field(default_factory=deque)
    _usual: OrderedDict[Item | Block, None] = field(default_factory=OrderedDict)
    _rows: list[int] = field(default_factory=lambda: [0, 0])
    """How much waits in the usual lane, and in the urgent one; an item counts as one row."""

    def __len__(self) -> int:
        return sum(self._rows)

    @property
    def has_urgent(self) -> bool:
        """Whether anything urgent waits."""
        return bool(self._urgent)

    def figures(self) -> dict[str, int]:
        """How much waits, by class."""
        return {"urgent": self._rows[_URGENT], "usual": self._rows[_USUAL]}

    def oldest(self) -> float | None:
        """Since when what came first waits, monotonic; None where nothing does. Looks at all that is urgent."""
        first = next(iter(self._usual), None)
        since = [item.since for item in self._urgent] + ([] if first is None else [first.since])
        return min(since, default=None)

    def put(self, item: Item) -> None:
        """Into the usual lane: after all that waits."""
        self._usual[item] = None
        self._rows[_USUAL] += 1
        item.strand.usual.append(item)
        item.strand.last = item

    def put_block(self, block: Block) -> None:
        """The same for frames of many connections."""
        self._usual[block] = None
        self._rows[_USUAL] += len(block)
        for strand in block.strands:
            strand.usual.append(block)
            # What is waited for of it comes behind the block.
            strand.last = None

    def put_urgent(self, item: Item) -> None:
        """Into the urgent lane: after all that is urgent, and what waits of its connection."""
        line = [item.strand]
        while line:
            if line[-1].follows:
                line.append(line[-1].follows.pop())
            else:
                self._hasten(line.pop())
        self._urge(item)
        item.strand.last = item

    def put_fence(self, item: Item) -> None:
        """After all that waits, and nothing overtakes it."""
        for waiting in self._usual:
            for strand in (waiting.strand,) if isinstance(waiting, Item) else waiting.strands:
                strand.usual.clear()
                strand.follows = []
        self._urgent += self._usual
        self._usual.clear()
        self._rows = [0, sum(self._rows)]
        self._urge(item)

    def pop(self, rows: int = 1, size: int = 0) -> Item | Block:
        """The next; of a block so many rows and bytes at most, but one row at least.

        Raises:
            KeyError: nothing waits.
        """
        lane, first = (_URGENT, self._urgent[0]) if self._urgent else (_USUAL, next(iter(self._usual), None))
        if first is None:
            raise KeyError("nothing waits")
        if isinstance(first, Item):
            self._rows[lane] -= 1
            self._drop(lane, first, (first.strand,))
            if first.strand.last is first:
                first.strand.last = None
            return first
        if first.fits(rows, size):
            self._rows[lane] -= len(first)
            self._drop(lane, first, first.strands)
            return first
        head = first.cut(rows, size)
        self._rows[lane] -= len(head)
        if not len(first):
            self._drop(lane, first, head.strands)
        elif lane == _USUAL:
            self._passed(head.strands[: -1 if head.strands[-1] is first.strands[0] else None])
        return head

    def _drop(self, lane: int, first: Item | Block, strands: Iterable[Strand]) -> None:
        """Take the first off its lane."""
        if lane == _URGENT:
            self._urgent.popleft()
        else:
            del self._usual[first]
            self._passed(strands)

    @staticmethod
    def _passed(strands: Iterable[Strand]) -> None:
        """The first that waits of these connections in the usual lane has gone."""
        for strand in strands:
            del strand.usual[0]
            if not strand.usual:
                # What it must not overtake came before.
                strand.follows = []

    def _urge(self, item: Item | Block) -> None:
        self._urgent.append(item)
        self._rows[_URGENT] += 1 if isinstance(item, Item) else len(item)

    def _hasten(self, strand: Strand) -> None:
        for item in strand.usual:
            if isinstance(item, Item):
                del self._usual[item]
                drawn: Item | Block = item
                self._rows[_USUAL] -= 1
            else:
                drawn = item.draw(strand)
                self._rows[_USUAL] -= len(drawn)
                if not len(item):
                    del self._usual[item]
            self._urge(drawn)
        strand.usual.clear()
