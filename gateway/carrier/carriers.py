"""All carriers of a county together: run beside each other, and given the orders for their phones."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from gateway.carrier.poller import CarrierPoller
from gateway.carrier.subjects import Subjects

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.clock import Clock
    from gateway.engine import Command, End
    from gateway.in_force import InForce
    from gateway.intake.intake import Intake


class Carriers:
    """Implements :class:`gateway.commands.reach.Delegate` for phones.

    Raises:
        UserFault: a carrier's certificates cannot be used.
    """

    def __init__(
        self,
        in_force: InForce,
        intake: Intake,
        wake: Callable[[], None],
        clock: Clock,
        ended: Callable[[str, End, str], object],
    ) -> None:
        self._in_force = in_force
        self.pollers = {
            carrier.name: CarrierPoller(
                carrier, Subjects(in_force, carrier, intake.directory), intake, wake, clock, ended
            )
            for carrier in in_force.configuration.carriers
        }

    async def run(self) -> None:
        """Ask, for ever."""
        async with asyncio.TaskGroup() as tasks:
            for poller in self.pollers.values():
                tasks.create_task(poller.run())

    def set_reading(self, *, reading: bool) -> None:
        """Stop or go on asking."""
        for poller in self.pollers.values():
            poller.reading = reading

    def undertake(self, command: Command) -> None:
        """A locating of a phone; the only order there is."""
        phone = self._in_force.configuration.devices[command.device]
        self.pollers[phone.carrier].undertake(command, phone.identity)

    def drop(self, command: Command) -> None:
        """It has expired or was cancelled."""
        phone = self._in_force.configuration.devices[command.device]
        self.pollers[phone.carrier].drop(phone.identity)

    def room(self, seconds: float) -> dict[str, int]:
        """How many phones more may be asked for in some seconds, by carrier."""
        return {name: one.schedule.room(one.intake.steady(), seconds) for name, one in self.pollers.items()}

    def troubles(self) -> dict[str, str]:
        """What is wrong, by carrier."""
        return {name: poller.trouble for name, poller in self.pollers.items() if poller.trouble}

    def figures(self) -> dict[str, Any]:
        """For the status, by carrier."""
        return {name: poller.figures() for name, poller in self.pollers.items()}
