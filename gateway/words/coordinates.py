"""Coordinates as people read them: in the datum of the county's maps, which is named."""

from __future__ import annotations

from dataclasses import dataclass

from fencing.datum import Datum, from_wgs84

NAMES = {Datum.WGS84: "WGS-84", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}
DIGITS = 5
"""Decimals of a degree: a metre."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A place in degrees of ``datum``, the name of which people read."""

    latitude: float
    longitude: float
    datum: str

    @property
    def fields(self) -> dict[str, float | str]:
        """The three, for JSON and tables."""
        return {"latitude": self.latitude, "longitude": self.longitude, "datum": self.datum}


def on_maps(latitude: float, longitude: float, maps: Datum) -> Coordinates:
    """A WGS-84 place (degrees) on maps of a datum, to a metre."""
    north, east = from_wgs84([latitude], [longitude], maps)
    return Coordinates(round(float(north[0]), DIGITS), round(float(east[0]), DIGITS), NAMES[maps])
