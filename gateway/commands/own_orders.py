"""Orders that the gateway gives by itself: the engine's wishes become COMMAND entries like an officer's."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from gateway.commands.accept import MOST_IN_ALL, MOST_PER_DEVICE, command_of
from gateway.commands.permission import verdict_of
from gateway.commands.wish import Wish
from gateway.engine import GATEWAY, INTERVAL, Closeness
from gateway.journal.entries import EntryKind
from protocols.allowance import Allowance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.commands.dispatch import Dispatcher
    from gateway.engine import Command, CommandRecord, Wished
    from gateway.in_force import InForce


@dataclass(slots=True)
class OwnOrders:
    """Journals what the engine wishes, one order a device at a time."""

    in_force: InForce
    dispatcher: Dispatcher
    _given: dict[str, str] = field(default_factory=dict)
    """By device: the order that is not committed yet. The engine knows it no sooner, and wishes again meanwhile."""

    def take(self, wishes: Sequence[Wished]) -> None:
        """Wishes of what was just committed. One that cannot be an order is counted: the engine wishes it again."""
        for wish in wishes:
            if wish.device not in self._given and wish.device in self.in_force.configuration.devices:
                self._take(wish)

    def committed(self, records: Sequence[CommandRecord]) -> None:
        """How commands stand, now that it is on disk."""
        for record in records:
            if self._given.get(record.command.device) == record.command.id:
                del self._given[record.command.device]

    def _take(self, wish: Wished) -> None:
        intake = self.dispatcher.intake
        order = Wish(wish.device, INTERVAL, GATEWAY, {"seconds": str(wish.seconds)}, wish.expires)
        command = command_of(order, self.in_force.configuration, secrets.token_hex(6), intake.now())
        if not self._may_be_given(command, wish):
            intake.counts["own_order_refused"] += 1
            return
        self._given[wish.device] = command.id
        command = msgspec.structs.replace(command, reason=wish.reason.value)
        intake.control(EntryKind.COMMAND, msgspec.json.encode(command))
        self.dispatcher.wake()

    def _may_be_given(self, command: Command, wish: Wished) -> bool:
        """Whether everybody may give the order, there is room, and the law lets us look closer now."""
        queue, intake = self.dispatcher.queue, self.dispatcher.intake
        device = self.in_force.configuration.devices[wish.device]
        return (
            verdict_of(command, device).allowance is Allowance.ALLOWED
            and queue.waiting_for(wish.device) < MOST_PER_DEVICE
            and len(queue) + len(self._given) < MOST_IN_ALL
            and (wish.reason is Closeness.USUAL or intake.directory.lawful(wish.device, intake.now()))
        )
