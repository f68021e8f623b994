"""Texts for the wearer that the device itself shows, where it can: orders like any other, given by the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.commands.accept import MOST_IN_ALL, MOST_PER_DEVICE, command_of, forms_of
from gateway.commands.permission import verdict_of
from gateway.commands.wish import Wish
from gateway.engine import GATEWAY, WELL
from gateway.errors import UserFault
from gateway.journal.entries import EntryKind
from protocols.allowance import Allowance

if TYPE_CHECKING:
    from gateway.commands.dispatch import Dispatcher
    from gateway.engine import CommandRecord, Notice
    from gateway.in_force import InForce

TEXT: Final = "text"
SHOWS: Final = frozenset({"jt808"})
"""Families whose text is for the wearer's eyes; of GT06 it would be an order in the device's own words."""
WAITS: Final = 300.0
"""Seconds that such an order may wait for the device; then the wearer gets an SMS."""


@dataclass(slots=True)
class WearerTexts:
    """Gives such orders, and knows which of them are a notice's."""

    in_force: InForce
    dispatcher: Dispatcher

    def give(self, notice: Notice, text: str) -> bool:
        """Order a device to show a text; False where it cannot, or is not connected.

        It is the same order for one notice, so that no crash makes it two.
        """
        device = self.in_force.configuration.devices.get(notice.about.device)
        dispatcher, intake = self.dispatcher, self.dispatcher.intake
        if device is None or device.protocol not in SHOWS or TEXT not in forms_of(device):
            return False
        if (
            device.device not in intake.presence.newest
            or dispatcher.queue.waiting_for(device.device) >= MOST_PER_DEVICE
        ):
            return False
        wish = Wish(device.device, TEXT, GATEWAY, {"text": text}, WAITS)
        try:
            command = command_of(wish, self.in_force.configuration, order_of(notice), intake.now())
        except UserFault:
            return False
        is_allowed = verdict_of(command, device).allowance is Allowance.ALLOWED
        if not is_allowed or len(dispatcher.queue) >= MOST_IN_ALL:
            return False
        intake.control(EntryKind.COMMAND, msgspec.json.encode(command))
        dispatcher.wake()
        return True


def order_of(notice: Notice) -> str:
    """The id of the order that shows a notice."""
    return notice.id[:12]


def is_shown(record: CommandRecord) -> bool:
    """Whether an order that has ended was done."""
    return record.end in WELL
