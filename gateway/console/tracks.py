"""Readings of the past: the track of a person over a stretch, worked out from the history, a few at once."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self
from weakref import WeakValueDictionary

import msgspec

from gateway.console.lawful import devices_shown
from gateway.engine import Past, WatchKind
from gateway.errors import GatewayFault
from gateway.history.reader import HistoryReader
from gateway.replay.explain import Asked, explained
from gateway.replay.imported_nights import imported_nights
from gateway.replay.past import past_of
from gateway.replay.reading import StoredPolicies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from gateway.clock import Clock
    from gateway.console.in_force import FollowedInForce
    from gateway.console.visitor import Visitor
    from gateway.engine import Registered
    from gateway.store.presence import Stretch
    from gateway.words.explained import Explanation

REGION: Final = WatchKind.REGION.name.lower()
"""What phones are held to, and bracelets are not."""
FRESH: Final = 5.0
"""Real seconds after which the daemon is asked again to put down what has come."""
AT_ONCE: Final = 2
"""Pasts that are worked out at the same time; whoever asks for more waits."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """The pasts of a gateway's people. Compiled configurations are kept from one question to the next.

    What is told is as new as the history: FRESH seconds old at most while the daemon runs, which is asked to put down
    what has come (``renew``; None: nobody is).
    """

    in_force: FollowedInForce
    clock: Clock
    history: HistoryReader
    policies: StoredPolicies
    renew: Callable[[], Awaitable[object]] | None = None
    _renewed: list[float] = field(default_factory=lambda: [-math.inf])
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _own: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @classmethod
    def under(
        cls, in_force: FollowedInForce, clock: Clock, renew: Callable[[], Awaitable[object]] | None = None
    ) -> Self:  # fmt: skip
        """Those of the gateway whose configuration that is, and whose clock says what may be shown now."""
        storage = in_force.directory
        return cls(in_force, clock, HistoryReader(storage / "history"), StoredPolicies(storage / "journal"), renew)

    async def of(self, visitor: Visitor, person: str, since: float, until: float) -> Past:
        """The past of a person, since <= time < until (UTC epoch seconds), under the configuration in force.

        Of devices alone that may be shown now: without an authority, or after the term, nothing is read. Of one
        visitor's questions one is worked out at a time, so that nobody keeps the others waiting.

        Raises:
            TransientFault, OurFault: history or configurations cannot be read.
        """
        configuration = self.in_force.configuration
        shown, digest = devices_shown(configuration, person, self.clock.now()), configuration.digest
        if not shown:
            return Past([])
        own = self._own.setdefault(visitor.session, asyncio.Lock())
        async with own, self._turns:
            await self._have_it_put_down()
            past = await asyncio.to_thread(past_of, self.history, self.policies, person, since, until, digest)
        return _of_devices(past, shown, phones={device for device in shown if configuration.devices[device].is_phone})

    async def explained(self, visitor: Visitor, person: str, rule: str, at: float) -> list[Explanation]:
        """Why a person's rules of a place (empty: all of them) raised no alarm at a time, or did; as :meth:`of` reads.

        By the fixes of all devices, telling those alone of devices that may be shown now.

        Raises:
            TransientFault, OurFault: history or configurations cannot be read.
        """
        configuration = self.in_force.configuration
        shown = devices_shown(configuration, person, self.clock.now())
        if not shown:
            return []
        asked = Asked(person, rule, at=at, known=at)
        own = self._own.setdefault(visitor.session, asyncio.Lock())
        async with own, self._turns:
            await self._have_it_put_down()
            found = await asyncio.to_thread(explained, self.history, self.policies, asked, configuration.digest)
        told = ((one, [step for step in one.steps if step.device in shown]) for one in found)
        return [msgspec.structs.replace(one, steps=steps) for one, steps in told if steps or not one.steps]

    async def imported_nights(self, person: str, since: float, until: float) -> list[Stretch]:
        """What imported fixes say of a person's duties, of devices that may be shown now; oldest first.

        Raises:
            TransientFault, OurFault: as :meth:`of`.
        """
        configuration = self.in_force.configuration
        shown, digest = devices_shown(configuration, person, self.clock.now()), configuration.digest
        async with self._turns:
            return await asyncio.to_thread(
                imported_nights, self.history, self.policies, person, sorted(shown), since, until, digest
            )

    async def _have_it_put_down(self) -> None:
        """What came last lies in the daemon until it is asked for; where that is away, the files are all there is."""
        now = time.monotonic()
        if self.renew is not None and now >= self._renewed[0] + FRESH:
            self._renewed[0] = now
            with suppress(GatewayFault):
                await self.renew()

    async def registered(self) -> Registered:
        """The places that officers have registered, as the configuration in force has them.

        Raises:
            OurFault: it cannot be read.
        """
        policy = await asyncio.to_thread(self.policies, self.in_force.configuration.digest)
        return policy.registered


def _of_devices(past: Past, shown: Collection[str], phones: Collection[str]) -> Past:
    """What some devices alone say: their places, and the evidence of the rules that such devices are held to."""
    kinds = {device in phones for device in shown}
    return msgspec.structs.replace(
        past,
        fixes=[fix for fix in past.fixes if fix.device in shown],
        told=[one for one in past.told if one.device in shown],
        curves=[curve for curve in past.curves if (curve.asks == REGION) in kinds],
    )
