"""Which phones a carrier locates, how often each is due, and whether the law lets us ask at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.in_force import InForce
    from gateway.intake.directory import Directory
    from gateway.settings.model import Assignment, Carrier, Configuration


class Subjects:
    """One carrier's phones, by the number its answers name them by. Who uses one may change, the phones do not."""

    def __init__(self, in_force: InForce, carrier: Carrier, directory: Directory) -> None:
        self._in_force = in_force
        self._carrier = carrier
        self._directory = directory
        self._follow(in_force.configuration)
        devices = in_force.configuration.devices.values()
        mine = (one for one in devices if one.is_phone and one.carrier == carrier.name)
        self.devices = {phone.identity: phone.device for phone in mine}

    def interval(self, identity: str, now: float) -> float | None:
        """Seconds between two locatings of a phone, by its person's level; None: nobody may ask for it now."""
        device = self.devices[identity]
        if not self._directory.lawful(device, now):
            return None
        if self._seen is not self._in_force.configuration:
            self._follow(self._in_force.configuration)
        person = next((one.person for one in self._assigned.get(device, ()) if one.start <= now < one.until), "")
        return self._carrier.intervals.get(self._level.get(person, ""))

    def _follow(self, configuration: Configuration) -> None:
        """Who uses which phone, by a configuration."""
        self._seen = configuration
        self._level = {person.person: person.level for person in configuration.people.values()}
        self._assigned: dict[str, list[Assignment]] = {}
        for assignment in configuration.assignments:
            self._assigned.setdefault(assignment.device, []).append(assignment)
