"""Which phones a carrier locates, how often each is due, and whether the law lets us ask at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.intake.directory import Directory
    from gateway.settings.model import Assignment, Carrier, Configuration


class Subjects:
    """One carrier's phones, by the number its answers name them by."""

    def __init__(self, configuration: Configuration, carrier: Carrier, directory: Directory) -> None:
        self._carrier = carrier
        self._directory = directory
        self._level = {person.person: person.level for person in configuration.people.values()}
        self._assigned: dict[str, list[Assignment]] = {}
        for assignment in configuration.assignments:
            self._assigned.setdefault(assignment.device, []).append(assignment)
        mine = (one for one in configuration.devices.values() if one.is_phone and one.carrier == carrier.name)
        self.devices = {phone.identity: phone.device for phone in mine}

    def interval(self, identity: str, now: float) -> float | None:
        """Seconds between two locatings of a phone, by its person's level; None: nobody may ask for it now."""
        device = self.devices[identity]
        if not self._directory.lawful(device, now):
            return None
        person = next((one.person for one in self._assigned.get(device, ()) if one.start <= now < one.until), "")
        return self._carrier.intervals.get(self._level.get(person, ""))
