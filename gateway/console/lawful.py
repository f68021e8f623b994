"""Whether a person's places may be shown now, of which devices, and if not, why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings.model import Assignment, Authority, AuthorityKind, Configuration


def why_hidden(configuration: Configuration, person: str, now: float) -> str:
    """A key of the console's texts that says why nothing is shown of a person at a time; empty: it may be shown.

    Args:
        configuration: in force.
        person: one of its people.
        now: UTC epoch seconds.
    """
    if is_protected(configuration, person):
        return "hidden_protected"
    if is_over(configuration, person, now):
        return "hidden_term"
    if not _kinds(configuration, person, now):
        return "hidden_bare"
    return "" if authority_of(configuration, person, now) else "hidden_authority"


def is_protected(configuration: Configuration, person: str) -> bool:
    """Whether it is somebody whom others are to keep away from, and whose place is shown to nobody."""
    known = configuration.people.get(person)
    return known is not None and known.protected


def is_over(configuration: Configuration, person: str, now: float) -> bool:
    """Whether somebody's term of supervision is over: where he was is shown no more, with an alarm neither."""
    known = configuration.people.get(person)
    return known is not None and now >= known.term_until


def worn_by(configuration: Configuration, person: str, now: float) -> list[Assignment]:
    """What somebody wears or carries at a time."""
    return [one for one in configuration.assignments if one.person == person and one.start <= now < one.until]


def authority_of(configuration: Configuration, person: str, now: float) -> Authority | None:
    """The authority under which a device of somebody's may be located now; the one that lasts longest."""
    kinds = set(_kinds(configuration, person, now).values())
    good = [
        one
        for one in configuration.authorities
        if one.person == person and one.kind in kinds and one.start <= now < one.until
    ]
    return max(good, key=lambda one: one.until, default=None)


def devices_shown(configuration: Configuration, person: str, now: float) -> frozenset[str]:
    """Devices whose places may be shown now: those that he has worn and whose own kind of authority is in force.

    After the term it is none; one kind of authority never lends to the other.
    """
    if person not in configuration.people or is_protected(configuration, person) or is_over(configuration, person, now):
        return frozenset()
    in_force = {one.kind for one in configuration.authorities if one.person == person and one.start <= now < one.until}
    return frozenset(device for device, kind in _kinds(configuration, person, now).items() if kind in in_force)


def _kinds(configuration: Configuration, person: str, now: float) -> dict[str, AuthorityKind]:
    """By device that somebody wears or has worn: the kind of authority that it needs."""
    begun = [one.device for one in configuration.assignments if one.person == person and one.start <= now]
    return {device: configuration.devices[device].basis for device in begun if device in configuration.devices}


def lawful_people(configuration: Configuration, now: float) -> list[str]:
    """Everybody whose places may be shown now, in order."""
    return [person for person in sorted(configuration.people) if not why_hidden(configuration, person, now)]
