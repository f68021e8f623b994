"""Who can be located: a track over time, a shape, and spans in which the phone is off."""

from __future__ import annotations

from dataclasses import dataclass

SHAPES = ("circle", "point", "ellipse", "arc", "polygon", "misnamed")
"""``misnamed``: an ellipse in an element that is called a circle."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One phone. Times are UTC epoch seconds, places latitude and longitude in degrees.

    Attributes:
        number: as carriers write it, with the country code.
        track: (from, latitude, longitude), ascending: where the phone is from then on.
        radius_m: of the answer; ``shape``: one of ``SHAPES``.
        absent: (from, until) spans in which the phone is off or out of reach.
        result: a code given instead of any place; 0: none.
        confidence: percent stated; 0: none.
    """

    number: str
    track: tuple[tuple[float, float, float], ...]
    radius_m: float = 300.0
    shape: str = "circle"
    absent: tuple[tuple[float, float], ...] = ()
    result: int = 0
    confidence: int = 67

    def is_absent(self, now: float) -> bool:
        """Whether the network cannot reach it."""
        return any(start <= now < until for start, until in self.absent)

    def place(self, now: float) -> tuple[float, float]:
        """Where it is, or was last before it went off."""
        for start, until in self.absent:
            if start <= now < until:
                now = start
        began = [step for step in self.track if step[0] <= now] or list(self.track[:1])
        return began[-1][1], began[-1][2]
