"""Everybody's last place, as the map of all shows it: a state each, by shape and colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from gateway.console.words.texts import text
from gateway.words.kind_names import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.settings.model import Configuration
    from gateway.words.alarm_words import Words

SILENT: Final = frozenset({"comms_lost", "battery_dead", "phone_off", "location_lost"})
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
    """Dots of what the daemon answers ``places`` with: rows in the datum of the county's maps."""

    configuration: Configuration
    words: Words
    now: float

    def dots(self, places: Iterable[dict[str, Any]]) -> list[Dot]:
        """A dot a person whose place is known, the newest where a phone is placed beside a bracelet; with words."""
        return [self._dot(one) for one in _newest(places)]

    def _dot(self, one: dict[str, Any]) -> Dot:
        state, radius = self.state(one), one["radius95_m"] or 0.0
        return Dot(
            one["longitude"], one["latitude"], radius, state, one["person"], one["office"], self._said(one, state)
        )

    def wallboard(self, places: Iterable[dict[str, Any]]) -> list[Dot]:
        """The same for everybody to see: no minors, and nothing that says who it is."""
        adults = {known.person for known in self.configuration.people.values() if not known.minor}
        shown = self.dots(one for one in places if one["person"] in adults)
        return [msgspec.structs.replace(dot, id="", office="", words="") for dot in shown]

    def state(self, place: dict[str, Any]) -> str:
        """One of STATES: what weighs most."""
        kinds = set(place["open"])
        if kinds - SILENT:
            return "alarm"
        if kinds or place["silent"]:
            return "silent"
        if self._on_leave(place["person"]):
            return "leave"
        return "home" if place["home_m"] is not None and place["home_m"] <= 0 else "away"

    def _on_leave(self, person: str) -> bool:
        return any(one.person == person and one.start <= self.now < one.ends for one in self.configuration.leave)

    def _said(self, place: dict[str, Any], state: str) -> str:
        words, language = self.words, self.words.language
        values = {"age": words.lasted(place["age_seconds"]), "radius": words.distance(place["radius95_m"] or 0.0)}
        kinds = [KIND_NAMES[kind].of(language) for kind in place["open"]]
        parts = [text(language, f"all_{state}"), text(language, "all_fixed", **values), *kinds]
        return (" · " if language == "zh" else "; ").join(parts)


def _newest(places: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The newest place of each person; none of whom none is known."""
    known = [one for one in places if one["latitude"] is not None]
    return {one["person"]: one for one in sorted(known, key=lambda one: -one["age_seconds"])}.values()
