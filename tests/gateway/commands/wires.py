"""A made-up wire for the queue's tests: sessions that write down what they send."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from gateway.commands.patience import Patience
from gateway.commands.queue import CommandQueue
from gateway.engine.records import Command, End, Ended
from protocols.errors import OrderFault
from protocols.order import Order, Reply, Result, Sending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AnyLine = TypeVar("AnyLine", bound="WrittenLine")
QUICK = Patience(answer=10.0, repeats=3, completion=60.0, settle=1.0, sessions=3)


@dataclass(eq=False)
class WrittenLine:
    """One session that writes at once.

    ``mute`` orders are never answered on it, ``late`` ones never taken first, ``refused`` cannot be; ``series`` ones
    are three messages, ``cut`` ones one message of three segments that are answered by themselves.
    """

    name: str = "s"
    number: int = 0
    written: list[tuple[bytes, ...]] = field(default_factory=list)

    @property
    def session(self) -> object:
        return self

    def order(self, order: Order) -> Sending:
        if order.kind == "refused":
            raise OrderFault("this wire has no such order")
        text = f"{order.kind} {order.values.get('n', '')}".strip()
        return self.series(text, 3) if order.kind == "series" else self.message(order.kind, text)

    def message(self, kind: str, text: str) -> Sending:
        self.number += 1
        key = f"{self.name}{self.number}"
        segment, took, did = f"{key} {text}".encode(), f"took {key}", f"did {key}"
        if kind == "cut":
            parts = [f"{took}.{part}" for part in range(3)]
            segments = tuple(b"%b %d" % (segment, part) for part in range(3))
            return Sending(segments, parts[0], parts[-1], frozenset(parts))
        keys = {"mute": ("", ""), "late": ("", did), "text": (took, took)}.get(kind, (took, did))
        return Sending((segment,), *keys)

    def series(self, text: str, left: int) -> Sending:
        first = self.message("text", text)
        return replace(first, then=partial(self.series, text, left - 1) if left > 1 else None)

    def send(self, segments: Iterable[bytes]) -> None:
        said = tuple(segments)
        if said:
            self.written.append(said)


@dataclass(eq=False)
class PacedLine(WrittenLine):
    """One that writes a segment when told."""

    turns: deque[Iterator[bytes]] = field(default_factory=deque)

    def send(self, segments: Iterable[bytes]) -> None:
        self.turns.append(iter(segments))

    def write(self) -> bytes:
        """The next segment that is still wanted."""
        while self.turns:
            segment = next(self.turns[0], b"")
            if segment:
                self.written.append((segment,))
                return segment
            self.turns.popleft()
        return b""


@dataclass
class Desk:
    """A queue whose surroundings are set by hand."""

    patience: Patience = QUICK
    now: float = 0.0
    lines: dict[str, WrittenLine] = field(default_factory=dict)
    ends: list[Ended] = field(default_factory=list)
    when: dict[str, float] = field(default_factory=dict)
    delegates: dict[str, object] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    queue: CommandQueue = field(init=False)

    def __post_init__(self) -> None:
        self.queue = CommandQueue(self.patience, self.lines.get, self.delegates.get, self._end, lambda: self.now)

    def _end(self, ended: Ended) -> None:
        self.ends.append(ended)
        self.when[ended.command] = self.now

    def give(self, identity: str, kind: str = "text", device: str = "D", expires: float = 900.0) -> None:
        command = Command(identity, device, kind, "officer 7", self.now + expires, {"n": identity})
        self.queue.add(command, self.now, command.expires)

    def connect(self, name: str = "s", device: str = "D") -> WrittenLine:
        return self.join(WrittenLine(name), device)

    def join(self, line: AnyLine, device: str = "D") -> AnyLine:
        """A device comes on a line."""
        self.lines[device] = line
        self.queue.arrived(device, self.now)
        return line

    def reply(self, key: str, result: Result = Result.DONE, text: str = "", device: str = "D") -> int:
        return self.queue.replied(device, [Reply(key, result, text)], self.now)

    def go_on(self, until: float) -> None:
        """Time passes, timer by timer."""
        while self.queue.next_due() <= until:
            self.now = max(self.now, self.queue.next_due())
            self.queue.tick(self.now)
        self.now = until

    @property
    def ended(self) -> list[tuple[str, End]]:
        return [(one.command, one.end) for one in self.ends]


def sendings(line: WrittenLine) -> list[str]:
    """What was written, a text a sending."""
    return [b"".join(segments).decode() for segments in line.written]
