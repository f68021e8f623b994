"""Alarms as they were said and as they are found, made by hand."""

from __future__ import annotations

from gateway.engine.episode import Episode
from gateway.kinds import KINDS

T = 1_796_000_000.0


def alarm(onset: float, ended: float | None = None, kind: str = "exclusion_enter", **more: object) -> Episode:
    """One of P0001's, ``onset`` and ``ended`` in seconds after ``T``; its id says when it began."""
    known = KINDS[kind]
    said = {
        "id": f"{kind} {onset:g}", "kind": kind, "severity": known.severity, "ends": known.ends, "person": "P0001",
        "device": "B0001", "office": "SFS-01", "level": "strict", "zone": "cafes", "zone_name": "", "rule": "cafes",
        "basis": "", "onset": T + onset, "decided": T + onset, "received": T + onset, "first_offset": 1,
        "last_offset": 1, "ended": None if ended is None else T + ended, "evidence": T + onset,
        "over": None if ended is None else T + ended,
    }  # fmt: skip
    return Episode(**said | more)  # type: ignore[arg-type]
