"""What all listeners have in common: who is there, how many may be, when reading stops, what is due by time."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import structlog

from gateway.backoff import Backoff
from gateway.intake.batching import HIGH_MARK
from gateway.intake.hosts import is_host_within

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from socket import socket

    from gateway.intake.intake import Intake
    from gateway.intake.visit import Visit
    from gateway.listeners.conversation import Conversation
    from gateway.settings.model import Listener
    from gateway.words.texts import Text

SWEEP = 1.0
"""Real seconds between looks at every conversation: sessions' timers, silence, logins that do not come."""
PORTION = 256
"""Conversations looked at in one turn of the loop."""
RELIEF = 0.05
"""Real seconds between looks whether the writer has caught up."""
LONGEST_WAIT = 30.0
"""Real seconds between attempts to go on after a fault."""

log = structlog.get_logger()


class Listening(ABC):
    """One way in. A transport adds ``start`` and what it needs to end.

    Attributes:
        conversations: those that are there, the one longest silent first where a transport keeps that order.
        strangers: those of them that have not brought a good frame of a known device, the oldest first.
        trouble: why nothing can come in at present; empty while it can.
        passed: the open port that whoever started us holds, too; None: it is to be opened.
    """

    def __init__(self, listener: Listener, intake: Intake, wake: Callable[[], None]) -> None:
        self.listener = listener
        self.intake = intake
        self.wake = wake
        self.conversations: dict[Conversation, None] = {}
        self.strangers: dict[Conversation, None] = {}
        self.trouble = ""
        self.passed: socket | None = None
        self._sources: Counter[str] = Counter()
        self._is_healthy = True
        self._is_crowded = False
        self._is_stopped = False
        self._has_failed = False
        self._tasks: list[asyncio.Task[None]] = []

    @abstractmethod
    async def start(self) -> None:
        """Let devices in.

        Raises:
            OurFault: a TCP or UDP port cannot be had. A broker or a serial line is waited for.
        """

    def remember(self, directory: Path) -> None:  # noqa: B027  most ways in have nothing to remember
        """Keep in a directory what has to outlast a restart; before ``start``."""

    @property
    def port(self) -> int:
        """The port in use; 0 where there is none."""
        return 0

    @property
    def complaint(self) -> Text | None:
        """What is not as it should be, whether or not devices come in."""
        return None

    @property
    def connections(self) -> int:
        """How many are there."""
        return len(self.conversations)

    @property
    def is_reading(self) -> bool:
        """Whether what comes may be taken."""
        return self._is_healthy and not self._is_crowded and not self._is_stopped

    async def stop_listening(self) -> None:
        """Let nobody in and read no further byte; answers can still go out."""
        for task in self._tasks:
            task.cancel()
        self._is_stopped = True
        self.apply_reading()

    def close(self) -> None:
        """End everything."""
        for conversation in list(self.conversations):
            conversation.close()

    def set_reading(self, *, reading: bool) -> None:
        """The store works, or does not: then nothing is read."""
        self._is_healthy = reading
        self.apply_reading()

    def apply_reading(self) -> None:  # noqa: B027  datagrams cannot be held back, only dropped
        """Stop or go on reading, where the transport can."""

    def end_turn(self) -> None:  # noqa: B027  most ways in take what comes as it comes
        """Take what was read and waits for the end of this turn of the loop."""

    def after_read(self) -> None:
        """Queue something for the writer; beyond the high mark stop reading."""
        self.wake()
        if len(self.intake) >= HIGH_MARK and not self._is_crowded:
            self._is_crowded = True
            self.intake.counts["reading_paused"] += 1
            self.apply_reading()
            asyncio.get_running_loop().call_later(RELIEF, self._relieve)

    def _relieve(self) -> None:
        if len(self.intake) >= HIGH_MARK // 2:
            asyncio.get_running_loop().call_later(RELIEF, self._relieve)
        else:
            self._is_crowded = False
            self.apply_reading()

    def is_invited(self, source: str) -> bool:
        """Whether anybody from there may come at all; who may not is counted."""
        is_invited = is_host_within(source, self.listener.networks)
        if not is_invited:
            self.intake.counts["network_refused"] += 1
            self._turned_away("network_refused", source)
        return is_invited

    def has_room(self, source: str) -> bool:
        """Whether one more of that source may come; a refusal is counted. Too many strangers lose their oldest."""
        limits = self.listener.limits
        if len(self.conversations) >= self.listener.max_connections:
            self.intake.counts["too_many_connections"] += 1
            self._turned_away("too_many_connections", source)
            return False
        if limits.max_per_source and self._sources[source] >= limits.max_per_source:
            self.intake.counts["too_many_from_source"] += 1
            self._turned_away("too_many_from_source", source)
            return False
        if len(self.strangers) >= limits.max_strangers:
            self.intake.counts["too_many_strangers"] += 1
            oldest = next(iter(self.strangers))
            del self.strangers[oldest]
            oldest.close()
        return True

    def join(self, conversation: Conversation) -> None:
        """One more is there."""
        self.conversations[conversation] = None
        self.strangers[conversation] = None
        self._sources[conversation.source] += 1
        self._tell("connection opened", conversation)

    def leave(self, conversation: Conversation) -> bool:
        """It is over; False where it was before."""
        self.strangers.pop(conversation, None)
        if self.conversations.pop(conversation, self) is self:
            return False
        self._tell("connection closed", conversation)
        self._sources[conversation.source] -= 1
        if not self._sources[conversation.source]:
            del self._sources[conversation.source]
        return True

    def _tell(self, event: str, conversation: Conversation) -> None:
        visit, name = conversation.visit, self.listener.name
        self.intake.tell(
            event, f"{name} {conversation.source}", listener=name, peer=visit.peer, connection=visit.connection
        )  # fmt: skip

    def _turned_away(self, reason: str, source: str, **facts: str) -> None:
        name = self.listener.name
        self.intake.tell("refused", f"{reason} {source}", reason=reason, listener=name, peer=source, **facts)

    def session_failed(self, visit: Visit, data: bytes, fault: Exception) -> None:
        """A bug of ours in a session: counted each time, told with its traceback once a listener."""
        self.intake.refusals.add(
            "session_failed", self.intake.now(), self.listener.name, visit.peer, data, frame=self.intake.frame_of(visit)
        )  # fmt: skip
        self._tell_once("a session failed; its connection is closed, please report it", fault)

    def _tell_once(self, what: str, fault: Exception) -> None:
        if not self._has_failed:
            log.error(what, listener=self.listener.name, exc_info=fault)
        self._has_failed = True

    def note_trouble(self, trouble: str) -> None:
        """Nothing can come in, or can again (empty): one line each way."""
        if trouble and not self.trouble:
            self.intake.counts["listener_lost"] += 1
            log.warning("listener has no line", listener=self.listener.name, fault=trouble)
        elif self.trouble and not trouble:
            log.info("listener has its line", listener=self.listener.name)
        self.trouble = trouble

    def keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something until the listener stops; a bug in it stops nothing else, and it is begun again."""
        self._tasks.append(asyncio.create_task(self._insist(work)))

    async def _insist(self, work: Callable[[], Awaitable[None]]) -> None:
        backoff = Backoff(longest=LONGEST_WAIT)
        while True:
            try:
                await work()
            except Exception as fault:  # noqa: BLE001  whatever it is, it is a bug of ours in this listener alone
                self.intake.counts["listener_failed"] += 1
                self._tell_once("a listener failed; it is begun again, please report it", fault)
            await asyncio.sleep(backoff.next_wait())

    async def sweep(self) -> None:
        """Look after every conversation, again and again."""
        loop, listener = asyncio.get_running_loop(), self.listener
        every = min(SWEEP, listener.idle_seconds / 2, listener.limits.login_seconds / 2)
        while True:
            await asyncio.sleep(every)
            self.end_turn()
            waiting = self._waiting(loop.time())
            for first in range(0, len(waiting), PORTION):
                now = loop.time()
                for conversation in waiting[first : first + PORTION]:
                    if conversation in self.conversations:
                        conversation.tick(now)
                await asyncio.sleep(0)
                self.end_turn()

    def _waiting(self, now: float) -> list[Conversation]:
        """For whom something may be due by time alone: of most nothing is, but the end of a long silence."""
        everybody, seats = list(self.conversations), self.intake.turns.seats
        rows = np.array([conversation.visit.row for conversation in everybody], np.int64)
        may_be_due = seats.is_waiting[rows] | (now - seats.heard[rows] > self.listener.idle_seconds)
        return [everybody[at] for at in np.flatnonzero(may_be_due).tolist()]
