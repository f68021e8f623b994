"""Which office's people a request is about: who works at an office alone sees and does what is of its people alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.control.rights import sees
from gateway.errors import UserFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.control.rights import Caller
    from gateway.engine import CommandRecord, Episode, Policy


@dataclass(frozen=True, slots=True)
class Offices:
    """Offices by the configuration in force, which ``policy`` gives. What is nobody's is no office's."""

    policy: Callable[[], Policy]

    def of_person(self, person: str) -> str:
        """A person's office; empty: there is no such person."""
        known = self.policy().configuration.people.get(person)
        return known.office if known is not None else ""

    def wearer(self, device: str, time: float) -> str:
        """Who wore a device at a time (UTC epoch seconds); empty: nobody."""
        policy = self.policy()
        seat = policy.device_index.get(device, -1)
        wearing = int(policy.wearing_at(np.array([seat]), np.array([time]))[0]) if seat >= 0 else -1
        return policy.wearings[wearing][1] if wearing >= 0 else ""

    def of_device(self, device: str, time: float) -> str:
        """The office of whoever wore a device at a time (UTC epoch seconds)."""
        return self.of_person(self.wearer(device, time))

    def of_alarm(self, episode: Episode) -> str:
        """The office that an alarm is for: that of the person as it is now, or as it was."""
        return self.of_person(episode.person) or episode.office

    def of_order(self, record: CommandRecord) -> str:
        """The office of whoever wore the device when the order was given."""
        return self.of_device(record.command.device, record.issued)

    def check_person(self, caller: Caller, person: str) -> None:
        """Whether a person is one of the caller's.

        Raises:
            UserFault: not of his office; the same of one who does not exist.
        """
        if caller.within is not None:
            _check(caller, self.of_person(person), person)

    def check_device(self, caller: Caller, device: str, now: float) -> None:
        """Whether a device is worn now by one of the caller's people.

        Raises:
            UserFault: it is not.
        """
        if caller.within is not None:
            _check(caller, self.of_device(device, now), device)

    def check_alarm(self, caller: Caller, episode: Episode | None) -> None:
        """Whether an alarm is of the caller's people; that there is none is for others to say.

        Raises:
            UserFault: it is not.
        """
        if caller.within is not None and episode is not None:
            _check(caller, self.of_alarm(episode), episode.id)

    def check_order(self, caller: Caller, record: CommandRecord | None) -> None:
        """Whether an order is to a device of the caller's people; that there is none is for others to say.

        Raises:
            UserFault: it is not.
        """
        if caller.within is not None and record is not None:
            _check(caller, self.of_order(record), record.command.id)


def _check(caller: Caller, office: str, what: str) -> None:
    if not sees(caller, office):
        raise UserFault(phrase("staff_elsewhere", number=caller.number, office=caller.within or "-", what=what))
