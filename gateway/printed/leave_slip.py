"""A person's leave, and the return from it, as the registers have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.words import printed_words as said

if TYPE_CHECKING:
    from gateway.printed.sheet import Facts, Making, Sheet
    from gateway.settings.absences import Leave
    from gateway.settings.model import Configuration


def leaves_of(configuration: Configuration, person: str) -> list[Leave]:
    """All leave of a person that the registers have, the latest first."""
    return sorted((one for one in configuration.leave if one.person == person), key=lambda one: -one.start)


def leave_slip(leave: Leave, configuration: Configuration, making: Making) -> Sheet:
    """The document of one leave."""
    known = configuration.people[leave.person]
    parts = [_asked(leave, configuration, making, known.office), _back(leave, making)]
    signs = [said.WEARER, said.OFFICER, said.APPROVER]
    return making.sheet(said.LEAVE, leave.person, said.LEAVE_LEAD, [*parts], signs)


def _asked(leave: Leave, configuration: Configuration, making: Making, office: str) -> Facts:
    zone = configuration.zones.get(leave.zone)
    where = making.say(said.LEAVE_ANYWHERE) if zone is None else zone.name
    lifts = " ".join(leave.excuses) or making.say(said.LEAVE_ALL)
    return making.facts(said.LEAVE_ASKED, [
        (said.PERSON, leave.person), (said.OFFICE, office), (said.SINCE, making.stamp(leave.start)),
        (said.UNTIL, making.stamp(leave.until)), (said.LEAVE_WHERE, where),
        (said.LEAVE_TRAVEL, making.words.lasted(leave.travel_seconds) if leave.zone else ""),
        (said.LEAVE_LIFTS, lifts), (said.APPROVED, leave.approved_by),
    ])  # fmt: skip


def _back(leave: Leave, making: Making) -> Facts:
    if leave.returned is None or leave.returned > making.at:
        return making.facts(said.LEAVE_BACK, [(said.LEAVE_RETURNED, making.say(said.LEAVE_OPEN))])
    text = said.LEAVE_EARLY if leave.returned <= leave.until else said.LEAVE_LATE
    differs = making.say(text, lasted=making.words.lasted(abs(leave.returned - leave.until)))
    return making.facts(
        said.LEAVE_BACK, [(said.LEAVE_RETURNED, making.stamp(leave.returned)), (said.LEAVE_DIFFERS, differs)]
    )
