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
    from collections.abc import Callable

    from gateway.journal.entries import EntryKind, Origin
    from gateway.ports import Channel


@dataclass(slots=True, eq=False)
class Strand:
    """One connection: what of it waits in the usual lane, in order, and whose place it has taken.

    Attributes:
        usual: its items in the usual lane.
        last: the last of its items that wait, in whichever lane; None: none does.
        follows: strands of the same devices that came before it and must not be overtaken by it.
    """

    usual: deque[Item] = field(default_factory=deque)
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
    """

    strand: Strand
    since: float
    kind: EntryKind | None = None
    origin: Origin = NO_ORIGIN
    payload: bytes = b""
    channel: Channel | None = None
    answer: bytes = b""
    releases: tuple[Callable[[], None], ...] = ()


@dataclass(slots=True)
class Lanes:
    """All that waits."""

    _urgent: deque[Item] = field(default_factory=deque)
    _usual: OrderedDict[Item, None] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._urgent) + len(self._usual)

    def figures(self) -> dict[str, int]:
        """How much waits, by class."""
        return {"urgent": len(self._urgent), "usual": len(self._usual)}

    def oldest(self) -> float | None:
        """Since when what came first waits, monotonic; None where nothing does. Looks at all that is urgent."""
        first = next(iter(self._usual), None)
        since = [item.since for item in self._urgent] + ([] if first is None else [first.since])
        return min(since, default=None)

    def put(self, item: Item) -> None:
        """Into the usual lane: after all that waits."""
        self._usual[item] = None
        item.strand.usual.append(item)
        item.strand.last = item

    def put_urgent(self, item: Item) -> None:
        """Into the urgent lane: after all that is urgent, and what waits of its connection."""
        line = [item.strand]
        while line:
            if line[-1].follows:
                line.append(line[-1].follows.pop())
            else:
                self._hasten(line.pop())
        self._urgent.append(item)
        item.strand.last = item

    def put_fence(self, item: Item) -> None:
        """After all that waits, and nothing overtakes it."""
        for waiting in self._usual:
            waiting.strand.usual.clear()
            waiting.strand.follows = []
        self._urgent += self._usual
        self._usual.clear()
        self._urgent.append(item)

    def pop(self) -> Item:
        """The next.

        Raises:
            KeyError: nothing waits.
        """
        item = self._urgent.popleft() if self._urgent else self._pop_usual()
        if item.strand.last is item:
            item.strand.last = None
        return item

    def _pop_usual(self) -> Item:
        item, _ = self._usual.popitem(last=False)
        strand = item.strand
        strand.usual.popleft()
        if not strand.usual:
            # What it must not overtake came before.
            strand.follows = []
        return item

    def _hasten(self, strand: Strand) -> None:
        for item in strand.usual:
            del self._usual[item]
        self._urgent += strand.usual
        strand.usual.clear()
