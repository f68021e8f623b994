"""Who may do which deed on the registers: one line a deed; an office does it for its own people alone."""

from __future__ import annotations

import math
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
    "return": _DECIDING | {Role.DUTY},
    "removal": _DECIDING,
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
        for name in sorted(_named(deed) | _wearers(deed, configuration, now)):
            person = configuration.people.get(name)
            if person is not None and person.office != caller.office:
                raise UserFault(phrase("staff_elsewhere", number=caller.number, office=caller.office, what=name))


def is_shown(caller: Caller, deed: Deed, configuration: Configuration) -> bool:
    """Whether a deed that was done is for the caller to see: an office sees what is of its own people alone."""
    if caller.within is None:
        return True
    people = [configuration.people.get(name) for name in _named(deed) or _wearers(deed, configuration, -math.inf)]
    return bool(people) and all(one is not None and one.office == caller.within for one in people)


def _named(deed: Deed) -> set[str]:
    return {deed.values["person"]} if deed.values.get("person") else set()


def _wearers(deed: Deed, configuration: Configuration, now: float) -> set[str]:
    """Who wears a device of the deed at a time or later."""
    devices = {deed.values.get("device"), deed.values.get("to")}
    return {each.person for each in configuration.assignments if each.device in devices and each.until > now}
