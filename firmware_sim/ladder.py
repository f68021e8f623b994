"""Who is told what in a made-up county: one on duty at once, of a low battery the wearer first, and one leader.

The gateway's own ladder does it (docs/operations.md); here stands what the county's officer would have written.
"""

from __future__ import annotations

from typing import Final

TOLD_AT_ONCE: Final = (
    "strap_glitch_suspected", "strap_loose", "case_open", "off_body", "sos", "exclusion_enter", "exclusion_crossed",
    "inclusion_exit", "region_unauthorised", "protected_near", "curfew_late", "curfew_early_leave", "curfew_absent",
    "repeated_place", "comms_lost", "battery_dead", "power_off", "location_lost", "motion_no_gnss", "jam_gnss",
    "jam_cell", "shielding", "position_implausible", "phone_apart", "charge_missed", "clock_fault", "mass_outage",
)  # fmt: skip
WEARER_FIRST: Final = {"battery_low": "2h", "battery_critical": "30min"}
"""Kinds of which the wearer is told, and after how long whoever is on duty."""
LINES: Final = (
    'notices: {http: {url: "http://127.0.0.1:9220/sms?to={number}&text={text}"}}',
    "staff:",
    "  - {number: D01, roles: [duty]}",
    "  - {number: L01, roles: [leader]}",
    "duty:",
    "  - {name: duty, staff: [D01]}",
    "  - {name: leader, staff: [L01]}",
    "alarms:",
    "  strap_cut: {notify: [duty], escalate_after: 5min, to: [leader]}",
    *(f"  {kind}: {{notify: [duty]}}" for kind in TOLD_AT_ONCE),
    *(f"  {kind}: {{notify: [wearer], escalate_after: {wait}, to: [duty]}}" for kind, wait in WEARER_FIRST.items()),
)
"""Of ``gateway.yaml``."""
