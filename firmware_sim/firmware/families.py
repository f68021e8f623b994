"""The wire formats that bracelets speak here: one row each, by the name a scenario gives."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from firmware_sim.firmware.bracelet import Bracelet
from firmware_sim.firmware.device import USUAL_CAPACITY, Timing
from firmware_sim.firmware.dialects import JT808_2011
from firmware_sim.firmware.gt06.bracelet import Gt06Bracelet
from firmware_sim.firmware.quirks import PLAIN
from firmware_sim.firmware.r16h.bracelet import R16hBracelet

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_sim.firmware.device import Firmware, Identity
    from firmware_sim.firmware.quirks import Quirks
    from firmware_sim.firmware.source import ReportSource

    Maker = Callable[[Identity, ReportSource, Timing, int, Quirks], Firmware]


class Family(NamedTuple):
    """One row: the gateway's name of the protocol, the profile its device needs, who makes it, and its usual timing."""

    protocol: str
    profile: str
    make: Maker
    timing: Timing


def _of_2011(identity: Identity, source: ReportSource, timing: Timing, capacity: int, quirks: Quirks) -> Bracelet:
    return Bracelet(identity, source, timing, capacity, quirks, JT808_2011)


FAMILIES: dict[str, Family] = {
    "jt808": Family("jt808", "g10ls", Bracelet, Timing()),
    "jt808-2011": Family("jt808", "g10ls", _of_2011, Timing()),
    "gt06": Family("gt06", "standard", Gt06Bracelet, Timing(answer_timeout=5.0, heartbeat=180.0)),
    "r16h": Family("r16h", "standard", R16hBracelet, Timing(answer_timeout=10.0, heartbeat=math.inf)),
}
""""jt808" speaks the edition of its identity's header: 2013 or 2019."""


def make_firmware(
    family: str,
    identity: Identity,
    source: ReportSource,
    *,
    capacity: int = USUAL_CAPACITY,
    quirks: Quirks = PLAIN,
    patience: float = 0.0,
) -> Firmware:
    """A bracelet of a family.

    Args:
        family: a name in :data:`FAMILIES`.
        identity: who it is on the wire.
        source: what it measures.
        capacity: reports in its memory, unless its quirks say otherwise.
        quirks: its habits.
        patience: simulated seconds it waits for an answer at least, where the network is not as fast as the clock.

    Raises:
        KeyError: no such family.
    """
    row = FAMILIES[family]
    timing = replace(row.timing, answer_timeout=max(row.timing.answer_timeout, patience))
    return row.make(identity, source, timing, capacity, quirks)
