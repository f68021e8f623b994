"""Who follows what changes: a line after each commit, as long as he stays. Nobody is waited for.

What a follower does not read waits for him, within a bound; beyond it all of that is given up, and he is told that he
has missed something and must read anew. One who reads nothing for long is cut off.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.errors import TransientFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.control.messages import Request
    from gateway.control.rights import Caller

MOST: Final = 32
"""Who may follow at once."""
MOST_LINES: Final = 256
"""Lines that may wait for one of them."""
BEAT: Final = 15.0
"""Real seconds after which one is told the time, where there is nothing else to tell."""
PATIENCE: Final = 10.0
"""Real seconds that a line may take to be read."""

Named = tuple[str, str]
"""The id of an alarm or an order, and the office whose people it is about."""


@dataclass(slots=True, eq=False)
class Follower:
    """One who follows: what waits for him. Made by :meth:`Following.follow`.

    ``within``: the office of whose people alone he is told; None: of all.
    """

    following: Following
    within: str | None
    _waiting: deque[bytes] = field(default_factory=deque)
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _is_over: bool = False

    def say(self, line: bytes) -> None:
        """One line more; never waits."""
        if len(self._waiting) >= self.following.most_lines:
            self._waiting.clear()
            line = _line({"missed": True, **self.following.state()})
        self._waiting.append(line)
        self._ready.set()

    def end(self) -> None:
        """No more lines come."""
        self._is_over = True
        self._ready.set()

    async def tell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say what comes until the other end goes, says anything more, or does not read for too long."""
        gone = asyncio.ensure_future(reader.read(1))
        gone.add_done_callback(lambda _: self._ready.set())
        try:
            await self._write(writer)
            while not (gone.done() or self._is_over):
                await self._wait()
                await self._write(writer)
        except TimeoutError:
            writer.transport.abort()
        finally:
            gone.cancel()
            self.following.leave(self)

    async def _write(self, writer: asyncio.StreamWriter) -> None:
        while self._waiting:
            writer.write(self._waiting.popleft())
            async with asyncio.timeout(self.following.patience):
                await writer.drain()

    async def _wait(self) -> None:
        """For a line, or the end; else it is time for a beat."""
        try:
            async with asyncio.timeout(self.following.beat):
                await self._ready.wait()
        except TimeoutError:
            self.say(_line({"now": self.following.now()}))
        self._ready.clear()


@dataclass(slots=True)
class Following:
    """All who follow.

    Attributes:
        now: receive time.
        digest: of the configuration in force.
        most, most_lines: bounds, see :data:`MOST` and :data:`MOST_LINES`.
        beat, patience: real seconds, see :data:`BEAT` and :data:`PATIENCE`.
    """

    now: Callable[[], float]
    digest: Callable[[], str]
    most: int = MOST
    most_lines: int = MOST_LINES
    beat: float = BEAT
    patience: float = PATIENCE
    _followers: list[Follower] = field(default_factory=list)
    _told: str = ""
    """The digest that was said last."""

    async def follow(self, request: Request, caller: Caller) -> Follower:
        """One more, who is told the configuration in force first.

        Raises:
            TransientFault: there are too many.
        """
        del request
        if len(self._followers) >= self.most:
            raise TransientFault(phrase("follow_full", most=self.most))
        follower = Follower(self, caller.within)
        follower.say(_line(self.state()))
        self._followers.append(follower)
        return follower

    def state(self) -> dict[str, object]:
        """From where on one follows: the configuration in force, and the time."""
        return {"digest": self.digest(), "now": self.now()}

    def leave(self, follower: Follower) -> None:
        """He is not told any more."""
        if follower in self._followers:
            self._followers.remove(follower)

    def committed(self, alarms: Sequence[Named], orders: Sequence[Named]) -> None:
        """What has changed by a commit, each alarm and order once; and the configuration, where another is in force."""
        digest, told = self.digest(), self._told
        self._told = digest
        changed = {"configuration": digest} if digest != told else {}
        if not (alarms or orders or changed):
            return
        lines = {each.within for each in self._followers}
        said = {within: _changed(alarms, orders, changed, within) for within in lines}
        for follower in self._followers:
            if line := said[follower.within]:
                follower.say(line)

    def figures(self) -> int:
        """How many follow."""
        return len(self._followers)

    def close(self) -> None:
        """All are told what waits for them, and nothing after it."""
        for follower in self._followers:
            follower.end()


def _changed(
    alarms: Sequence[Named], orders: Sequence[Named], changed: Mapping[str, str], within: str | None
) -> bytes:  # fmt: skip
    """A line of what is for an office, or for all; empty: nothing."""
    named = {"alarms": _ids(alarms, within), "orders": _ids(orders, within)}
    return _line({**named, **changed}) if any(named.values()) or changed else b""


def _ids(named: Sequence[Named], within: str | None) -> list[str]:
    return list(dict.fromkeys(name for name, office in named if within is None or (office and office == within)))


def _line(said: Mapping[str, object]) -> bytes:
    return msgspec.json.encode(said) + b"\n"
