"""By kind of alarm: which number decides it, against which limit, and what may be tried to make it otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.engine.attendance import VISIT
from gateway.engine.charge import CHARGES
from gateway.engine.crossing import LONGEST
from gateway.engine.expiry import AHEAD
from gateway.engine.phones import LEAST_ANSWERS
from gateway.engine.power import GOING
from gateway.replay import probes
from gateway.replay.turns import BOUNDARY, EXTENDED, OUTWARDS, after_of, by_level, of_rule
from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.replay.probes import Probe
    from gateway.replay.turns import Knob

HOUR, DAY = 3600.0, 86_400.0
SPENT: Final = {charge.kind: float(charge.spent) for charge in CHARGES}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a kind of alarm is raised.

    Attributes:
        value, limit: the number, and what it is held against. ``unit``, ``over``, ``source``: as ``accounts.Measure``.
        before: the number is looked at before an entry is taken, not after it.
        back: seconds before the decision from which on entries are read.
        knobs: numbers of the configuration that are turned. ``leave``: whether leave is tried.
        without: whether entries are left out by turns. ``heard``: whether a frame just before the time is tried.
        whole: the whole county is worked out anew, not one wearer.
        rule: the field of :class:`Rule` by which one asks for it; empty: no rule does.
        listed: whether entries are listed; of what the calendar alone decides none are.
    """

    value: Probe
    limit: Probe
    unit: str
    source: str = "engine"
    over: bool = True
    before: bool = False
    back: float = DAY
    knobs: tuple[Knob, ...] = ()
    leave: bool = False
    without: bool = True
    heard: bool = False
    whole: bool = False
    rule: str = ""
    listed: bool = True


def _word(flag: int) -> Reason:
    """What the device says of itself."""
    return Reason(probes.said(flag), probes.always(1.0), "flag")


_TOLD: Final = Reason(probes.always(1.0), probes.always(1.0), "flag")
"""An entry that says so by itself."""
_SILENT: Final = Reason(
    probes.silent_for, probes.allowed_silence, "s", "alarms.comms_lost.after_seconds", before=True, back=6 * HOUR,
    knobs=(after_of("comms_lost"),), without=False, heard=True,
)  # fmt: skip

REASONS: Final[Mapping[str, Reason]] = {
    "strap_cut": _word(Flag.STRAP_CUT), "strap_loose": _word(Flag.STRAP_LOOSE), "case_open": _word(Flag.CASE_OPEN),
    "off_body": _word(Flag.OFF_BODY), "sos": _word(Flag.SOS), "power_off": _word(Flag.POWER_OFF),
    "identity_changed": _word(Flag.SIM_CHANGED), "jam_gnss": _word(Flag.JAMMING),
    "jam_cell": _word(Flag.JAMMING),
    "strap_glitch_suspected": Reason(
        probes.open_for, probes.faults_last, "s", "engine", over=False, back=30 * DAY
    ),
    "restart": Reason(probes.off_for, probes.always(GOING), "s", before=True),
    "battery_low": Reason(probes.battery, probes.always(SPENT["battery_low"]), "percent", over=False),
    "battery_critical": Reason(probes.battery, probes.always(SPENT["battery_critical"]), "percent", over=False),
    "charge_missed": Reason(
        probes.battery, probes.asked("charge", "least"), "percent", "rules.charge.least", over=False, back=3 * DAY,
        rule="charge", knobs=(of_rule("charge", "least", "percent", 1.0, 100.0),), leave=True,
    ),
    "battery_dead": _SILENT, "comms_lost": _SILENT, "shielding": _SILENT,
    "location_lost": Reason(
        probes.lasting("unplaced_from", "unplaced_missed"), probes.deadline("location_lost"), "s",
        "alarms.location_lost.by_level", back=2 * DAY, knobs=(by_level("location_lost"),),
    ),
    "clock_fault": Reason(
        probes.lasting("clockless_from", "clockless_missed"), probes.deadline("clock_fault"), "s",
        "alarms.clock_fault.by_level", back=2 * DAY, knobs=(by_level("clock_fault"),),
    ),
    "motion_no_gnss": Reason(
        probes.dark_for, lambda moment: moment.policy.unseen_after, "s", "alarms.motion_no_gnss.after_seconds",
        knobs=(after_of("motion_no_gnss"),),
    ),
    "position_implausible": Reason(probes.against_place, probes.enough_against, "n"),
    "phone_apart": Reason(probes.answers_apart, probes.always(LEAST_ANSWERS), "n"),
    "phone_off": Reason(
        probes.lasting("absent_from", "missed"), lambda moment: moment.policy.phone_off_after, "s",
        "alarms.phone_off.after_seconds", knobs=(after_of("phone_off"),),
    ),
    "no_motion": Reason(
        probes.still_for, probes.asked("no_motion_s"), "s", "rules.no_motion_s", back=14 * DAY,
        rule="no_motion_s", knobs=(of_rule("no_motion_s", "", "s", 60 * DAY, 1.0),), leave=True, without=False,
    ),
    "nights_out": Reason(
        probes.fact("nights"), probes.asked("nights_out", "nights"), "n", "rules.nights_out.nights", back=60 * DAY,
        rule="nights_out", knobs=(of_rule("nights_out", "nights", "n", 60.0, 1.0),), without=False,
    ),
    "repeated_place": Reason(
        probes.fact("nights"), probes.asked("repeated_place", "nights"), "n", "rules.repeated_place.nights",
        back=45 * DAY, rule="repeated_place", knobs=(of_rule("repeated_place", "nights", "n", 60.0, 1.0),),
        without=False,
    ),
    "wearers_together": Reason(
        probes.near_somebody, probes.always(probes.SURE), "p", back=6 * HOUR, rule="not_together",
        knobs=(of_rule("not_together", "lasting_s", "s", DAY, 1.0),),
    ),
    "protected_near": Reason(
        probes.near_somebody, probes.always(probes.SURE), "p", back=6 * HOUR, rule="keep_away"
    ),
    "boundary_near": Reason(
        probes.near_boundary, probes.always(probes.SURE), "p", rule="near_m",
        knobs=(of_rule("near_m", "", "m", 1.0, 20_000.0),), leave=True,
    ),
    "exclusion_crossed": Reason(
        probes.waited, probes.always(LONGEST), "s", over=False, rule="keep_out", knobs=(BOUNDARY,)
    ),
    "appointment_missed": Reason(
        probes.fact("unknown_seconds"), probes.always(VISIT), "s", over=False, knobs=(OUTWARDS,), leave=True,
    ),
    "authority_expiring": Reason(
        probes.days_left, probes.always(AHEAD[0]), "days", over=False, back=600.0, listed=False, knobs=(EXTENDED,),
        without=False,
    ),
    "authority_ended": Reason(
        probes.days_left, probes.always(0.0), "days", over=False, back=600.0, listed=False, knobs=(EXTENDED,),
        without=False,
    ),
    "locate_timeout": Reason(probes.fact("waited"), probes.always(float("nan")), "s"),
    "test": _TOLD, "drill": _TOLD, "entry_skipped": _TOLD,
    "mass_outage": Reason(
        probes.fact("silent"), probes.too_many, "n", back=2 * DAY, without=False, whole=True,
    ),
}  # fmt: skip
"""Kinds whose evidence is no zone's; of those that is, ``gateway.replay.evidence``. Between two people no distance is
turned: that would tell where the other is."""


_CAME_TO_LIGHT: Final = Reason(probes.carried, probes.carried_at_least, "m")
"""Of a bracelet that was neither seen nor heard: no setting says for how long that is everyday, the way decides."""


def reason_of(kind: str, facts: Mapping[str, object]) -> Reason:
    """Why an alarm of a kind of :data:`REASONS` was raised, by its facts; none: why one would be.

    A kind that is raised for either of two reasons says in its facts which it was.
    """
    return _CAME_TO_LIGHT if kind == "motion_no_gnss" and "unheard" in facts else REASONS[kind]
