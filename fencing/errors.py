"""Faults of geometry, told so that the person who drew the shape can find the spot."""

from __future__ import annotations


class GeometryFault(ValueError):
    """A shape that cannot be used as a zone.

    Attributes:
        place: the name of the zone and of the place in it.
        cause: what is wrong, with the coordinates where it is known.
    """

    def __init__(self, place: str, cause: str) -> None:
        super().__init__(f"{place}: {cause}")
        self.place = place
        self.cause = cause
