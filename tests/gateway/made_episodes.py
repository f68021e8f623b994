"""Episodes as the engine leaves them, with nothing known of them or with everything."""

from __future__ import annotations

from timeline import at

from gateway.engine.episode import Episode
from gateway.kinds import KINDS

TOLD = at(0, 22.75)
"""When the alarms are decided and told: 22:45."""


def episode(kind: str = "strap_cut", **known: object) -> Episode:
    """An alarm of which nothing is known but what every alarm has."""
    values = {
        "id": "0" * 32, "kind": kind, "severity": KINDS[kind].severity, "ends": KINDS[kind].ends, "person": "P0001",
        "device": "B0001", "office": "", "level": "", "zone": "", "zone_name": "", "rule": "", "basis": "",
        "onset": at(0, 22.5), "acknowledged_by": "D07", "closed_by": "D08",
        "decided": TOLD, "received": TOLD, "first_offset": 1, "last_offset": 2,
    }  # fmt: skip
    return Episode(**(values | known))  # type: ignore[arg-type]


FACTS = {
    "from": at(0, 22), "until": at(1, 8), "out_from": at(0, 22), "out_until": at(1, 7.9), "unknown_seconds": 5400.0,
    "out_seconds": 30000.0, "in_seconds": 0.0, "fixes": 4, "battery_percent": 9, "nights": 3, "of": 5,
    "hours": [[at(0, 23), at(1, 3)], [at(2, 23), at(3, 4)]], "placed": at(0, 22.4), "source": "gnss", "home_m": 1240,
    "heard": at(0, 22.2), "left_seconds": 4200.0, "charged": at(-1, 22), "cells": "other",
    "home_deg": 47, "outside": "the county", "away_m": 410, "away_deg": 268, "away_ms": 1.2, "home_to_zone_m": 120,
    "last_in": at(0, 21.5), "grace_seconds": 900.0, "verify_by": at(0, 23), "end": "no_answer", "answers": 3,
    "offset": 1723, "apart_m": 1830, "heard_radius_m": 420, "false_cell": 1, "moved_m": 2640, "why": "shielded",
    "silent": 214, "usual": 3, "where": "carrier:460-00 office:S01", "odd": "P0033:moving P0041:battery",
    "graded": "still_open", "faults": 2, "fault_seconds": 95.0, "glitch_until": at(0, 22.6),
    "off_from": at(0, 22.1), "authority": "bracelet", "authority_until": at(14, 0), "days": 14, "document": "2026-12",
    "review": at(-3, 0), "with": "P0002", "within_m": 100, "approach": "near",
    "least_percent": 80,
    "most_percent": 46,
    "still_seconds": 50400.0, "by": "word", "usual_nights": 1, "usual_of": 20,
    "attendance": "missed", "boundary": "allowed", "boundary_m": 140,
}  # fmt: skip
KNOWN = {
    "office": "S01", "probability": 0.96, "latitude": 24.33, "longitude": 109.41, "radius_m": 23.4, "basis": "order 2",
    "zone_name": "cafe 3", "facts": FACTS,
}  # fmt: skip
