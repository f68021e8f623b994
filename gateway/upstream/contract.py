"""What the daemon knows of a receiver of alarms, whatever its kind, and what each is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gateway.ports import untold
from gateway.upstream.rows import OwnRows
from gateway.upstream.telemetry import Lane

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from gateway.clock import Clock
    from gateway.journal.controls import Act
    from gateway.ports import Tell, Trace
    from gateway.settings.model import Telemetry, Upstream
    from gateway.store.state_db import StateStore
    from gateway.upstream.life import Life
    from gateway.upstream.telemetry import Rows
    from gateway.words.texts import Text
    from gateway.writer import Writer


class Receiver(Protocol):
    """One receiver. It owns its rows of the outbox; what happens to it concerns no other."""

    @property
    def upstream(self) -> Upstream:
        """As it is configured."""
        ...

    @property
    def connected(self) -> bool:
        """Whether it takes what it gets, as far as is known."""
        ...

    @property
    def set_aside(self) -> Mapping[str, int]:
        """Rows that go out by command only, by reason."""
        ...

    @property
    def trouble(self) -> Text | None:
        """What a person should know, in words; None while all is well."""
        ...

    def notify(self) -> None:
        """Something new is owed."""
        ...

    async def run(self) -> None:
        """Deliver until cancelled."""
        ...

    async def resend(self) -> int:
        """Send again what is set aside; returns how many rows.

        Raises:
            OurFault: the store fails; nothing is changed.
        """
        ...

    async def farewell(self) -> None:
        """Say that we stop on purpose, where that can be said; returns when it is, or could not be."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What a receiver works with.

    Attributes:
        county: our code.
        on_act: does what an officer did there, until it is committed.
        refuse: counts what was said to us and not taken, by reason.
        life: what our signs of life say.
        look: the rows that a platform may have beside alarms now, by kind.
        tell: told of each message that was delivered; ``trace``: of each that is tried, where messages are followed.
    """

    county: str
    store: StateStore
    writer: Writer
    clock: Clock
    on_act: Callable[[Act], Awaitable[str]]
    refuse: Callable[[str, bytes], None]
    life: Life
    look: Callable[[Telemetry], Mapping[str, Rows]]
    tell: Tell = untold
    trace: Trace | None = None

    def rows(self, upstream: Upstream) -> OwnRows:
        """What is owed to an upstream."""
        return OwnRows(upstream.name, self.store, self.writer, self.clock, tell=self.tell, trace=self.trace)

    def lane(self, wanted: Telemetry | None) -> Lane | None:
        """What goes to a platform beside alarms; None: nothing."""
        return None if wanted is None else Lane(wanted, self.county, self.look, self.clock.now)
