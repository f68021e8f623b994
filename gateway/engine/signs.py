"""What a run shows of one device, for the step that looks at all devices together (``outage``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

# Read back from JSON: a step over several parts has its signs out of a log.
from gateway.engine.episode import Episode  # noqa: TC001
from gateway.engine.ledger import At  # noqa: TC001
from gateway.engine.together import Faint  # noqa: TC001

ENDED: Final = ("battery_dead", "comms_lost", "shielding")
"""Kinds that end once a device is heard, or is given to somebody."""


class What(IntEnum):
    """What a sign says of a device. In this order where they stand at one place of the log."""

    FELL_SILENT = 1
    IS_MISSED = 2
    WAS_HEARD = 3
    WAS_GIVEN = 4
    """To somebody else: it is heard of the last wearer no more."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. ``faint``: of one who fell silent; ``alarm``: identity of the ``comms_lost`` of one who is missed.

    ``is_odd``: that alarm speaks against a common cause by itself. ``person``: who wears the device; empty: of one who
    is heard again, or was given. ``missed``: of a sign that is handed out, that alarm as it was raised.
    """

    what: What
    device: str
    at: At
    alarm: str = ""
    is_odd: bool = False
    faint: Faint | None = None
    person: str = ""
    missed: Episode | None = None
