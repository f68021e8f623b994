"""How one carrier's answers are to be read: the datum of its map, its arcs, its missing confidences.

A reading has a name that says all of it, so that the journal's frames are read the same way ever after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from protocols.report import SourceDatum

DATUMS = {"wgs84": SourceDatum.WGS84, "gcj02": SourceDatum.GCJ02}
STOP_ANGLES = ("opening", "end")
"""What an arc's ``stopAngle`` is: the angle it opens by, or the bearing where it ends."""
WIDENING = 1.5
NARROWEST, WIDEST = 1.0, 10.0
_NAME = re.compile(r"(wgs84|gcj02)-(opening|end)(?:-x([0-9]{1,2}(?:\.[0-9]{1,3})?))?")
NAMES = tuple(f"{datum}-{angle}" for datum in DATUMS for angle in STOP_ANGLES)
"""The readings with the usual widening, the default first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``widening``: factor on the radius of an answer that states no confidence."""

    datum: str = "wgs84"
    stop_angle: str = "opening"
    widening: float = WIDENING

    @property
    def name(self) -> str:
        """Its name, from which ``reading_of`` makes it again."""
        usual = f"{self.datum}-{self.stop_angle}"
        return usual if self.widening == WIDENING else f"{usual}-x{self.widening:.3f}"


@lru_cache(maxsize=64)
def reading_of(name: str) -> Reading:
    """The reading of that name.

    Raises:
        KeyError: there is none.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise KeyError(name)
    widening = WIDENING if found[3] is None else float(found[3])
    if not NARROWEST <= widening <= WIDEST:
        raise KeyError(name)
    return Reading(found[1], found[2], widening)
