"""A profile ready for use: bytes as tables, forms in the order in which they are tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from protocols.gt06.messages import MESSAGES, message_of
from protocols.gt06.messages.message import STATING
from protocols.gt06.profiles.text import NONE
from protocols.gt06.seats import profile_record
from protocols.report import URGENT, Flag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from protocols.gt06.messages import Form
    from protocols.gt06.profiles.text import ProfileText

_HOUR_SECONDS = 3600
_BYTES = np.arange(256)
_ALARM_SHIFT, _ALARM_MASK = 3, 7


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile ready for use.

    Attributes:
        name: as in configurations.
        time: ``auto``, ``utc``, ``login`` or ``fixed``.
        zone_seconds: seconds by which the clock is ahead of UTC, where it is ``fixed``.
        local_messages: numbers of the messages whose clock is not UTC.
        status, alarm, event, module_event: uint64 (256,): flags stated by each value of the byte.
        urgent: of status, alarm and event byte, the values that state an urgent flag.
        lasting: the flags of the status byte that last as long as the condition does.
        forms: forms by message number, where the profile asks for a layout; else the message's own.
        orders: text of each order, with the arguments' names in braces.
        order_language: the word behind an order; 0: none.
        seat: what of a session at rest is its profile's (:func:`protocols.gt06.seats.profile_record`).
    """

    name: str
    time: str
    zone_seconds: int
    local_messages: frozenset[int]
    status: NDArray[np.uint64]
    alarm: NDArray[np.uint64]
    event: NDArray[np.uint64]
    module_event: NDArray[np.uint64]
    urgent: Mapping[str, frozenset[int]]
    lasting: np.uint64
    forms: Mapping[int, tuple[Form, ...]]
    orders: Mapping[str, str]
    order_language: int
    seat: bytes

    def forms_of(self, number: int) -> tuple[Form, ...]:
        """Forms a message may have under this profile."""
        return self.forms.get(message_of(number).number, ())

    def form_of(self, number: int, content: bytes) -> Form | None:
        """The form a content has; None where none fits."""
        for form in self.forms_of(number):
            if form.fits(content):
                return form
        return None

    def is_local(self, number: int) -> bool:
        """Whether the clock in a message is not UTC."""
        return number & 0xFF in self.local_messages


def build(text: ProfileText) -> Profile:
    """A profile of a text that stands on no other any more."""
    status = np.zeros(256, np.uint64)
    for bit, name in text.status_bits.items():
        status[_BYTES >> bit & 1 == 1] |= _flag(name)
    for number, name in text.status_alarms.items():
        status[number == _BYTES >> _ALARM_SHIFT & _ALARM_MASK] |= _flag(name)
    tables = dict(zip(STATING, (status, _table(text.alarms), _table(text.events)), strict=True))
    urgent = {name: frozenset(np.flatnonzero(table & np.uint64(URGENT)).tolist()) for name, table in tables.items()}
    return Profile(
        name=text.name,
        time=text.time,
        zone_seconds=round(text.zone_hours * _HOUR_SECONDS) if text.time == "fixed" else 0,
        local_messages=text.local_messages,
        **tables,
        module_event=_table(text.module_events),
        urgent=urgent,
        lasting=np.uint64(sum({int(_flag(name)) for name in text.status_bits.values()})),
        forms=_forms(text),
        orders=text.orders,
        order_language=text.order_language,
        seat=profile_record(urgent, text.local_messages, text.layouts),
    )


def _forms(text: ProfileText) -> Mapping[int, tuple[Form, ...]]:
    wanted = {"", *text.layouts}
    return {
        number: tuple(form for form in message.forms if form.layout in wanted) for number, message in MESSAGES.items()
    }


def _flag(name: str) -> np.uint64:
    return np.uint64(0 if name == NONE else Flag[name.upper()])


def _table(names: Mapping[int, str]) -> NDArray[np.uint64]:
    table = np.zeros(256, np.uint64)
    for value, name in names.items():
        table[value] = _flag(name)
    return table
