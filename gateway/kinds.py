"""Every kind of alarm: its default severity, and whether it ends by itself or only by a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping


class Ends(StrEnum):
    """SELF: a paired clear once the condition is over. PERSON: latched, only by a person with a note."""

    SELF = "self"
    PERSON = "person"


LEVELS = ("strict", "general", "lenient")
"""Of supervision."""
Severity = Literal["info", "warning", "serious", "critical"]
"""From mild to grave."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of alarm. ``after_seconds``: how long its condition must last, where the county may set that."""

    name: str
    ends: Ends
    severity: Severity
    after_seconds: float | None = None
    by_level: tuple[float, float, float] | None = None
    """The same by the wearer's level, :data:`LEVELS`, where it differs by it."""


_S, _P = Ends.SELF, Ends.PERSON
_TABLE = (
    Kind("strap_cut", _P, "critical"),
    Kind("strap_glitch_suspected", _P, "serious", after_seconds=1200.0),
    Kind("strap_loose", _P, "serious"),
    Kind("case_open", _P, "critical"),
    Kind("off_body", _P, "serious"),
    Kind("phone_apart", _S, "serious"),
    Kind("phone_unpaired", _P, "serious"),
    Kind("beacon_tamper", _P, "serious"),
    Kind("exclusion_enter", _S, "critical"),
    Kind("exclusion_crossed", _P, "warning"),
    Kind("inclusion_exit", _S, "serious"),
    Kind("region_unauthorised", _S, "serious"),
    Kind("boundary_near", _S, "info"),
    Kind("protected_near", _S, "critical"),
    Kind("curfew_late", _S, "serious"),
    Kind("curfew_early_leave", _S, "serious"),
    Kind("curfew_absent", _P, "critical"),
    Kind("appointment_missed", _P, "warning"),
    Kind("repeated_place", _P, "serious"),
    Kind("nights_out", _P, "warning"),
    Kind("wearers_together", _S, "info"),
    Kind("battery_low", _S, "warning"),
    Kind("charge_missed", _S, "warning"),
    Kind("battery_critical", _S, "serious"),
    Kind("battery_dead", _S, "serious"),
    Kind("power_off", _S, "serious"),
    Kind("restart", _S, "info"),
    Kind("identity_changed", _P, "serious"),
    Kind("comms_lost", _S, "serious", after_seconds=1200.0),
    Kind("phone_off", _S, "serious", after_seconds=10800.0),
    Kind("location_lost", _S, "serious", by_level=(12 * 3600.0, 24 * 3600.0, 24 * 3600.0)),
    Kind("motion_no_gnss", _S, "warning", after_seconds=1200.0),
    Kind("no_motion", _S, "warning"),
    Kind("jam_gnss", _S, "serious"),
    Kind("jam_cell", _S, "serious"),
    Kind("shielding", _S, "serious"),
    Kind("position_implausible", _P, "serious"),
    Kind("clock_fault", _S, "warning", by_level=(3600.0, 6 * 3600.0, 24 * 3600.0)),
    Kind("sos", _P, "critical"),
    Kind("locate_timeout", _S, "warning"),
    Kind("test", _S, "info"),
    Kind("drill", _S, "info"),
    Kind("mass_outage", _S, "critical"),
    Kind("entry_skipped", _P, "serious"),
    Kind("authority_expiring", _S, "warning"),
    Kind("authority_ended", _P, "serious"),
)

PATTERNS = frozenset({"repeated_place", "nights_out", "no_motion", "wearers_together"})
"""Habits, of which nothing follows by itself: never above serious, and off unless a rule turns them on."""
NEVER_THE_WEARER = frozenset({
    "strap_cut", "strap_glitch_suspected", "strap_loose", "case_open", "exclusion_enter", "exclusion_crossed",
    "protected_near", "wearers_together", "mass_outage", "entry_skipped", "test",
    "drill",
})  # fmt: skip
"""Of these the wearer is never told: it would warn him, tell of others, or be nothing of his."""
DRILL = "drill"
"""The trial that rings: whoever is on duty is told of it as of a critical alarm, and how soon they answer is kept."""
TRIALS = frozenset({"test", DRILL})
"""Raised to see that alarms arrive: owed to every upstream, and nobody's alarm: not counted as one."""
CANARY = "canary"
"""Fact of one that the gateway sends by itself, of a device that nobody wears."""
NOT_RAISED = frozenset({
    "phone_unpaired", "beacon_tamper",
})  # fmt: skip
"""Kinds that may be configured and that this version never raises: `check` says so."""
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _TABLE}
"""By name. The names are part of the alarms' stable face."""
