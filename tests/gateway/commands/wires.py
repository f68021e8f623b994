"""A made-up wire for the queue's tests: sessions that write down what they send."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from gateway.commands.patience import Patience
from gateway.commands.queue import CommandQueue
from gateway.engine.orders import Command, End, Ended
from protocols.errors import OrderFault
from protocols.order import Order, Reply, Result, Sending

QUICK = Patience(answer=10.0, repeats=3, completion=60.0, settle=1.0, sessions=3)


@dataclass(eq=False)
class WrittenLine:
    """One session; ``mute`` orders are never answered on it, ``late`` ones never taken first, ``refused`` cannot be."""

    name: str = "s"
    number: int = 0
    written: list[tuple[bytes, ...]] = field(default_factory=list)

    @property
    def session(self) -> object:
        return self

    def order(self, order: Order) -> Sending:
        if order.kind == "refused":
            raise OrderFault("this wire has no such order")
        self.number += 1
        segment = f"{self.name}{self.number} {order.kind} {order.values.get('n', '')}".strip().encode()
        if order.kind == "mute":
            return Sending((segment,), "", "")
        key = f"{self.name}{self.number}"
        if order.kind == "late":
            return Sending((segment,), "", f"did {key}")
        return Sending((segment,), f"took {key}", f"took {key}" if order.kind == "text" else f"did {key}")

    def send(self, segments: tuple[bytes, ...]) -> None:
        self.written.append(tuple(segments))


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
        self.queue = CommandQueue(self.patience, self.lines.get, self.delegates.get, self._end)

    def _end(self, ended: Ended) -> None:
        self.ends.append(ended)
        self.when[ended.command] = self.now

    def give(self, identity: str, kind: str = "text", device: str = "D", expires: float = 900.0) -> None:
        command = Command(identity, device, kind, "officer 7", self.now + expires, {"n": identity})
        self.queue.add(command, self.now)

    def connect(self, name: str = "s", device: str = "D") -> WrittenLine:
        self.lines[device] = WrittenLine(name)
        self.queue.arrived(device, self.now)
        return self.lines[device]

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
