"""Who may do which deed on the registers: one line a deed; an office does it for its own people alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.settings.model import Role
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.control.rights import Caller
    from gateway.deeds import Deed
    from gateway.settings.model import Configuration

_DECIDING = frozenset({Role.OFFICE, Role.LEADER})
"""What ends or mutes an alarm is not for whoever is on duty and has to answer it."""
DEEDS: Final[Mapping[str, frozenset[Role]]] = {
    "fit": _DECIDING | {Role.DUTY, Role.TECHNICIAN},
    "swap": _DECIDING | {Role.DUTY, Role.TECHNICIAN},
    "remove": _DECIDING,
    "put_away": _DECIDING | {Role.TECHNICIAN},
    "leave": _DECIDING,
    "extend": _DECIDING,
}
"""By deed: the roles of which one is needed. What does not stand here is done by nobody."""


def check_deed(caller: Caller, deed: Deed, configuration: Configuration, now: float) -> None:
    """Whether a deed is for the caller to do.

    Raises:
        UserFault: no role of his is enough, or it is about another office's people.
    """
    if caller.roles is None:
        return
    needed = DEEDS.get(deed.do, frozenset())
    enough = caller.roles & needed
    if not enough:
        roles = ", ".join(sorted(needed)) or "-"
        raise UserFault(phrase("staff_role", number=caller.number, do=deed.do, roles=roles))
    if enough == {Role.OFFICE}:
        _check_office(caller, deed, configuration, now)


def _check_office(caller: Caller, deed: Deed, configuration: Configuration, now: float) -> None:
    member = configuration.staff.get(caller.number)
    office = "" if member is None else member.office
    for name in sorted(_concerned(deed, configuration, now)):
        person = configuration.people.get(name)
        if person is not None and person.office != office:
            raise UserFault(phrase("deed_office", number=caller.number, person=name, office=person.office))


def _concerned(deed: Deed, configuration: Configuration, now: float) -> set[str]:
    """Whom a deed is about: who is named, and who wears a device that is."""
    devices = {deed.values.get("device"), deed.values.get("to")}
    wearers = {each.person for each in configuration.assignments if each.device in devices and each.until > now}
    return {deed.values.get("person", "")} | wearers
