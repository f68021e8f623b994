"""Maintenance that waits for a second person: in memory, not journaled, gone with its expiry or a restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from gateway.errors import UserFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from gateway.engine import Command

MOST = 100
"""Orders that may wait at the same time."""


@dataclass(slots=True)
class Unconfirmed:
    """Orders by id, until a second person says yes or their time is over. Times are UTC epoch seconds."""

    _waiting: dict[str, Command] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, identity: object) -> bool:
        return identity in self._waiting

    def add(self, command: Command, now: float) -> None:
        """Let an order wait.

        Raises:
            UserFault: too many do.
        """
        self._expire(now)
        if len(self._waiting) >= MOST:
            raise UserFault(phrase("unconfirmed_many", most=MOST))
        self._waiting[command.id] = command

    def of(self, identity: str, now: float) -> Command:
        """The order of an id.

        Raises:
            UserFault: none waits under it.
        """
        self._expire(now)
        command = self._waiting.get(identity)
        if command is None:
            raise UserFault(phrase("unconfirmed_unknown", value=identity))
        return command

    def confirmed(self, identity: str, number: str, account: str) -> Command:
        """The order with its second person; it waits no longer. ``identity`` is one of those that wait."""
        command = self._waiting.pop(identity)
        return msgspec.structs.replace(command, confirmed_by=number, confirmer=account)

    def drop(self, identity: str) -> bool:
        """Forget an order that is not wanted any more; False where none waits under that id."""
        return self._waiting.pop(identity, None) is not None

    def _expire(self, now: float) -> None:
        for identity in [each for each, command in self._waiting.items() if command.expires <= now]:
            del self._waiting[identity]
