"""What the city's staff does about a county's alarm: acts that go there, done once its own event says so.

The county's gateway decides: it does an act that is signed for it and is not older than it takes them, and journals it
with the number of whoever did it here. Nothing of it changes an alarm of the city's store by itself.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.clock import iso
from gateway.journal.controls import Act
from gateway.upstream.acts import sign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.city.told import Alarm

DOINGS: Final = ("urge", "note", "acknowledge")
"""What can be done from a city's page; an urging is a note that begins with :data:`URGED`."""
URGED: Final = "【督办】"
TOGETHER: Final = 300.0
"""Seconds by which the county's clock may be behind ours."""
PATIENCE: Final = 900.0
"""Seconds after which an act that its county's events do not show is said not to have been done there."""


class CityAct(msgspec.Struct, frozen=True):
    """One act; times are UTC epoch seconds.

    Attributes:
        who: city and staff number, as the county gets them: ``4502/C01``.
        doing: as :class:`gateway.journal.controls.Act` has it.
        sent: since when the stream has it; None: not yet.
    """

    id: str
    county: str
    alarm: str
    who: str
    doing: str
    note: str
    at: float
    sent: float | None = None


class Standing(Enum):
    """How far an act has come."""

    WAITING = "waiting"
    """The stream does not have it yet."""
    PENDING = "pending"
    """The stream has it; the county has not said so yet."""
    DONE = "done"
    MISSED = "missed"
    """The county has not said so for long: it refused it, or is cut off."""


def made(identity: str, alarm: Alarm, who: str, doing: str, note: str, now: float) -> CityAct:
    """An act of :data:`DOINGS` about an alarm."""
    is_urging = doing == "urge"
    written = f"{URGED}{note}" if is_urging else note
    return CityAct(identity, alarm.county, alarm.id, who, "note" if is_urging else doing, written, now)


def message(act: CityAct, key: str) -> bytes:
    """What goes to the county, signed with its act_key for it and for the time when it was done."""
    said = Act(act.id, act.doing, act.alarm, act.who, note=act.note, county=act.county, time=iso(act.at) or "")
    return sign(said, key)


def standings(acts: Iterable[CityAct], alarm: Alarm, now: float) -> list[tuple[CityAct, Standing]]:
    """How far each act about an alarm has come, in their order; each act that the county tells of shows one of ours."""
    lines = [(float(one["at"]), one.get("by"), one["do"]) for one in alarm.acts]
    found = []
    for act in acts:
        line = next((one for one in lines if one[1:] == (act.who, act.doing) and one[0] > act.at - TOGETHER), None)
        if line is not None:
            lines.remove(line)
        found.append((act, Standing.DONE if line is not None else _open(act, now)))
    return found


def _open(act: CityAct, now: float) -> Standing:
    if now - act.at > PATIENCE:
        return Standing.MISSED
    return Standing.WAITING if act.sent is None else Standing.PENDING
