"""What a bracelet is: what it speaks, over what, and with which habits."""

from __future__ import annotations

from dataclasses import dataclass

from firmware_sim.firmware.quirks import PLAIN, Quirks


@dataclass(frozen=True, slots=True)
class Equipment:
    """Names of a family (``firmware_sim.firmware.families``) and of a link (``firmware_sim.links``), and quirks."""

    family: str = "jt808"
    link: str = "tcp"
    quirks: Quirks = PLAIN


USUAL = Equipment()
