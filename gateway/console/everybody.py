"""Everybody's last place, as the map of all shows it: a state each, by shape and colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from gateway.console.words.texts import text
from gateway.words.kind_names import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gateway.console.map_layers import Drawing

SILENT: Final = frozenset({"comms_lost", "phone_off", "location_lost"})
"""Kinds of alarm that say that nothing is known; any other weighs more."""
STATES: Final = ("alarm", "silent", "leave", "home", "away")


class Dot(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person on the map of all. On a wallboard ``id``, ``office`` and ``words`` are empty."""

    lon: float
    lat: float
    r: float
    state: str
    id: str = ""
    office: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Everybody:
    """Dots of what the daemon answers ``places`` with."""

    drawing: Drawing
    on_leave: Collection[str]

    def dots(self, places: Iterable[dict[str, Any]]) -> list[Dot]:
        """A dot a person, in the datum of the county's maps, with words."""
        held = list(places)
        spots = self.drawing.on_maps([one["latitude"] for one in held], [one["longitude"] for one in held])
        return [self._dot(one, *spot) for one, spot in zip(held, spots, strict=True)]

    def _dot(self, one: dict[str, Any], longitude: float, latitude: float) -> Dot:
        state, radius = self.state(one), one["radius95_m"] or 0.0
        return Dot(longitude, latitude, radius, state, one["person"], one["office"], self._said(one, state))

    def wallboard(self, places: Iterable[dict[str, Any]]) -> list[Dot]:
        """The same for everybody to see: no minors, and nothing that says who it is."""
        people = self.drawing.configuration.people
        adults = [one for one in places if not people[one["person"]].minor]
        return [msgspec.structs.replace(dot, id="", office="", words="") for dot in self.dots(adults)]

    def state(self, place: dict[str, Any]) -> str:
        """One of STATES: what weighs most."""
        kinds = set(place["alarms"])
        if kinds - SILENT:
            return "alarm"
        if kinds:
            return "silent"
        if place["person"] in self.on_leave:
            return "leave"
        return "home" if place["home_m"] is not None and place["home_m"] <= 0 else "away"

    def _said(self, place: dict[str, Any], state: str) -> str:
        words, language = self.drawing.words, self.drawing.words.language
        values = {"age": words.lasted(place["age_seconds"]), "radius": words.distance(place["radius95_m"] or 0.0)}
        kinds = [KIND_NAMES[kind].of(language) for kind in sorted(place["alarms"])]
        parts = [text(language, f"all_{state}"), text(language, "all_fixed", **values), *kinds]
        return (" · " if language == "zh" else "; ").join(parts)
