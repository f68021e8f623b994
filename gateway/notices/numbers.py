"""Who has which number: out of the contacts, read each time, kept nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gateway.engine import WEARER

if TYPE_CHECKING:
    from gateway.engine import Notice
    from gateway.settings.contacts import Contacts

_COMPARED: Final = 11
"""Digits from the end by which numbers are compared: with a country's code before them or without."""


def number_for(notice: Notice, contacts: Contacts) -> str:
    """As it is written; empty: nobody knows it."""
    known = contacts.people.get(notice.about.person) if notice.to == WEARER else contacts.staff.get(notice.to)
    return "" if known is None else known.phone


def staff_with(number: str, contacts: Contacts) -> frozenset[str]:
    """Staff numbers of whoever has a telephone number: a desk's may be several people's."""
    wanted = compared(number)
    return frozenset(who for who, one in contacts.staff.items() if wanted and compared(one.phone) == wanted)


def compared(number: str) -> str:
    """What of a number is compared."""
    return re.sub(r"\D", "", number)[-_COMPARED:]
