"""What a text that came means: ``收 CODE`` from whoever may acknowledges that alarm, and nothing else means anything.

Senders can be forged: a text never closes anything, nor is any of it kept.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gateway.notices.numbers import staff_with

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gateway.settings.contacts import Contacts
    from gateway.sms.incoming import Incoming

_REPLY: Final = re.compile(r"(?:收|ACK)\W*([0-9A-F]{4})\W*", re.IGNORECASE)


class Unmeant(StrEnum):
    """Why a text means nothing; the reason under which it is counted."""

    STRANGER = "sms_unknown_number"
    OFF_DUTY = "sms_not_on_duty"
    WORDS = "sms_not_understood"
    CODE = "sms_code_unknown"


def meaning_of(
    text: Incoming, contacts: Contacts, open_codes: Mapping[str, str], may: Mapping[str, Collection[str]]
) -> tuple[str, str] | Unmeant:
    """The alarm that a text acknowledges and the staff number of who sent it, or why it means nothing.

    Args:
        text: as it came.
        contacts: by which its number is known.
        open_codes: alarms that nobody has acknowledged, by code.
        may: staff numbers who may acknowledge, by alarm: on duty now, or told of it.
    """
    staff = staff_with(text.number, contacts)
    if not staff:
        return Unmeant.STRANGER
    found = _REPLY.fullmatch(unicodedata.normalize("NFKC", text.text).strip())
    if found is None or text.part is not None:
        return Unmeant.WORDS
    alarm = open_codes.get(found[1].upper())
    if alarm is None:
        return Unmeant.CODE
    allowed = sorted(staff & set(may.get(alarm, ())))
    return (alarm, allowed[0]) if allowed else Unmeant.OFF_DUTY
