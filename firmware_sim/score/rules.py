"""The rules of counting: what counts as found, missed, true, false and doubled.

**Alarm.** All messages of one ``data.alarm`` are one alarm. Its kind, zone, stated onset and end are those of its
highest revision; it was *decided* when it was raised, and one that was taken back and came back when it came back. It
states the time from its onset to its ``ended``; if that is missing, to its close by a person, for a curfew to the end
of the night (``facts.until``), else to no end. What was decided after the scenario's ``until`` is left out and its
number told: nobody reports any more by then.

**Zone alarms** are of three families (``FAMILIES``). An alarm is *near* a breach of its own person, family and zone
if it was decided within ``NEAR`` seconds of it, or of the time at which its last fix came, and the time it states comes
within ``NEAR`` of it too; one that says ``retrospective`` may be decided later still. How late, the latency says. It is
false for the first of these reasons that holds:

    retracted   it was taken back after it was sent
    unfounded   no breach is near
    excused     every breach near is excused
    double      every breach it is about had an alarm of its own before, one not retracted

An alarm *is about* those near breaches, excused ones apart, which the time it states overlaps; where it overlaps
none, about the closest. It finds what it is about. It also finds each later breach that begins while it still
stands (``spanned``: the officer looks at it already); such a one has no latency, and an alarm of its own is no double.
A double finds what it spans; any other false alarm finds nothing.

**Breaches** are counted as found or missed if they are not excused and last more than ``LEAST_BREACH``, by ``TIERS`` of
true depth and by whether at least ``LEAST_USABLE`` seconds of them had a usable signal. Shorter ones stand apart. Those
that have so much only with what came later than a usable signal does are also counted by themselves (``late``).

**Device events** are matched by device and kind: either the moment of decision or the stated onset lies in the window
of the event (``EVENT_WINDOWS``: seconds before its onset and after its end), and the decision not before the window.
So a report that was stored and sent late still tells of its event; how late, the latency says. The reasons are those of
zone alarms. The strap's false rate is the share of strap alarms without any true cut near. An alarm that stays a
suspected glitch finds no cut; it is a notice, and counted by itself.

**Approaches** to somebody protected: who came within what is barred, from beyond the buffer. One was *warned of* before
a moment if an alarm had been decided before it that stands then. An alarm is false as that of any event is: whoever is
within the buffer at no time near it.

**An outage** is an event of no device. The silences of its devices count as found by its alarm (``spanned``) where they
have none of their own, and it is counted how many it has gathered so.

**Repeated places** are matched by person and place (``SAME_PLACE`` metres) where the stated time comes within ``NEAR``
of the true one and the decision within ``REPEATED_WINDOW``: a night's place may be known only when its reports arrive.

**Kinds without a truth** (those not in ``JUDGED_KINDS`` of which the truth file tells no event) count as notices only.

**Calibration** asks of a zone alarm whether its condition held: whether any breach was near, excused or not.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = 86400.0
MONTH_DAYS = 30.0
"""A device-month is one device for 30 days."""
NEAR = 600.0
"""Seconds between a breach and what is still an alarm of it."""
LEAST_BREACH = 180.0
"""Seconds; a breach has to last longer to count as missed."""
LEAST_USABLE = 180.0
"""Seconds of a breach with usable signal from which its signal counts as usable."""
TIERS = (0.0, 50.0, 150.0, 500.0)
"""Metres of true depth at which the tiers begin."""
SAME_PLACE = 300.0
"""Metres between a repeated place and an alarm of it."""
REPEATED_WINDOW = (NEAR, DAY)
"""Seconds before and after a repeated place in which its alarm may be decided."""
USUAL_WINDOW = (60.0, 600.0)
EVENT_WINDOWS: Mapping[str, tuple[float, float]] = {
    "strap_cut": (600.0, 600.0),
    "protected_near": (600.0, 600.0),
}
"""Seconds before the onset and after the end of an event, by kind; the others have ``USUAL_WINDOW``."""
JUDGED_KINDS = frozenset({
    "strap_cut", "strap_loose", "off_body", "case_open", "sos", "battery_low", "comms_lost", "position_implausible",
    "motion_no_gnss", "jam_gnss", "jam_cell", "shielding", "phone_apart", "mass_outage",
    "charge_missed", "battery_dead", "identity_changed", "appointment_missed", "boundary_near", "nights_out",
    "no_motion", "exclusion_crossed",
})  # fmt: skip
"""Kinds of device alarms that are false where the truth file has no event for them."""
GRAVER: Mapping[str, str] = {"battery_critical": "battery_low", "battery_dead": "comms_lost"}
"""Kinds of device alarms that another becomes as its event goes on, and which."""
REPEATED = "repeated_place"
PROTECTED = "protected_near"
"""Judged wherever there are pairs."""
STRAP = "strap_cut"
SILENCE, OUTAGE = "comms_lost", "mass_outage"
SUSPECTED_STRAP = "strap_glitch_suspected"
"""An open strap that is taken for a fault of its sensor, and that stayed so."""
UNKNOWN_GAP = 1800.0
"""Seconds after a row of the track for which its state is taken to hold at most."""


class Family(StrEnum):
    """Kinds of zone alarms that tell of the same sort of breach."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"
    CURFEW = "curfew"


FAMILIES: Mapping[str, Family] = {
    "inclusion_exit": Family.INCLUSION,
    "region_unauthorised": Family.INCLUSION,
    "exclusion_enter": Family.EXCLUSION,
    "curfew_late": Family.CURFEW,
    "curfew_early_leave": Family.CURFEW,
    "curfew_absent": Family.CURFEW,
}
"""Family of each kind of zone alarm."""
BREACH_FAMILIES: Mapping[str, Family] = {
    "inclusion_exit": Family.INCLUSION,
    "exclusion_enter": Family.EXCLUSION,
    "curfew": Family.CURFEW,
}
"""Family of each kind of breach in a truth file."""


class Reason(StrEnum):
    """Why an alarm is false."""

    RETRACTED = "retracted"
    UNFOUNDED = "unfounded"
    EXCUSED = "excused"
    DOUBLE = "double"
