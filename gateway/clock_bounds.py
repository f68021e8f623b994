"""How far a device's clock may be from ours before what it shows is no time: one bound for intake and engine."""

from __future__ import annotations

CLOCK_AHEAD = 300.0
"""Seconds a device's clock may run ahead of ours before it is a clock fault (wire notes, section 12)."""

CLOCK_BEHIND = 90 * 86400.0
"""Seconds a stored report may be old; longer than any authority runs without an extension."""
