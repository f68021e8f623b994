"""A stay in words: at home, or how far from it; its place on the county's maps; which registered places it may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from fencing.plane import LocalPlane
from gateway.console.map_layers import Stay
from gateway.console.words.texts import text
from gateway.words.coordinates import on_maps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.replay.stays import Stay as Stayed
    from gateway.settings.model import Configuration, Home
    from gateway.words.alarm_words import Words


@dataclass(frozen=True, slots=True)
class StayWords:
    """Words on the stays of one person."""

    configuration: Configuration
    words: Words
    person: str

    def told(self, stays: Sequence[Stayed]) -> list[Stay]:
        """Each stay, as a row of a table."""
        clock = self.words.clock
        return [Stay(clock(one.since), clock(one.until), self._said(one)) for one in stays]

    def _said(self, stay: Stayed) -> str:
        t = partial(text, self.words.language)
        radius, home = self.words.distance(stay.radius_m), self.configuration.people[self.person].home
        away = None if home is None else _from(home, stay)
        if home is not None and away is not None and away[0] <= home.radius_m + stay.radius_m:
            return t("stay_home", radius=radius)
        place = on_maps(stay.latitude, stay.longitude, self.configuration.county.maps)
        said = t("stay_place", radius=radius, **place.fields)
        if away is not None:
            way = self.words.way(away[1])
            said = t("stay_away", distance=self.words.distance(away[0]), way=way, place=said)
        names = ("、" if self.words.language == "zh" else ", ").join(stay.places)
        return t("stay_registered", place=said, names=names) if names else said


def _from(home: Home, stay: Stayed) -> tuple[float, float]:
    """Metres from a home's centre, and degrees clockwise from north."""
    x, y = LocalPlane(home.latitude, home.longitude).forward(stay.latitude, stay.longitude)
    return float(np.hypot(x, y)), float(np.degrees(np.arctan2(x, y))) % 360.0
