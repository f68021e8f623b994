"""Kinds that are decided on place and device time, by family: kinds of one family are names of one thing.

What is not here is about delivery: silence, a place that is not known, a clock. It is never decided anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping

FLAG_KINDS: Final = {
    Flag.STRAP_CUT: "strap_cut",
    Flag.STRAP_LOOSE: "strap_loose",
    Flag.CASE_OPEN: "case_open",
    Flag.OFF_BODY: "off_body",
    Flag.SOS: "sos",
}
GLITCH: Final = "strap_glitch_suspected"
"""The milder grade of an open strap (``strap``)."""
LATCHED: Final = frozenset({*FLAG_KINDS.values(), GLITCH})
"""The device's own word: only a person ends it, and nothing takes it back."""
FAMILIES: Final[Mapping[str, str]] = {
    **{kind: kind for kind in FLAG_KINDS.values()},
    GLITCH: "strap_cut",
    "battery_low": "battery_low",
    "battery_critical": "battery_low",
    "power_off": "power_off",
    "restart": "restart",
    "identity_changed": "identity_changed",
    "inclusion_exit": "inclusion_exit",
    "exclusion_enter": "exclusion_enter",
    "exclusion_crossed": "exclusion_crossed",
    "boundary_near": "boundary_near",
    "region_unauthorised": "region_unauthorised",
    "curfew_late": "curfew",
    "curfew_early_leave": "curfew",
    "curfew_absent": "curfew",
    "repeated_place": "repeated_place",
    "position_implausible": "position_implausible",
    "phone_apart": "phone_apart",
    "motion_no_gnss": "motion_no_gnss",
    "jam_gnss": "jam_gnss",
    "jam_cell": "jam_cell",
}
