"""What stands about a person: lines of a label and words, from the daemon's answer and the county's files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gateway.console.lawful import authority_of, worn_by
from gateway.console.words.texts import text
from gateway.engine import HOME
from gateway.settings.model import AuthorityKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gateway.settings.model import Configuration
    from gateway.words.alarm_words import Words

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: a key of the console's texts for its label, and what it says."""

    label: str
    said: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A last known place in words: where it lies to home, and how it is known."""

    device: str
    headline: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Words on one person at a time, UTC epoch seconds."""

    configuration: Configuration
    words: Words
    person: str
    now: float

    def _t(self, key: str, /, **values: object) -> str:
        return text(self.words.language, key, **values)

    def placed(self, place: dict[str, Any]) -> Placed:
        """One of the places that the daemon answers ``where`` with."""
        radius = self.words.distance(place["radius95_m"])
        at = datetime.fromisoformat(place["time"]).timestamp()
        fixed = self._t(
            "person_fixed", time=self.words.clock(at, seconds=True), age=self.words.lasted(place["age_seconds"]),
            source=self._t(f"source_{place.get('source') or 'none'}"), radius=radius,
        )  # fmt: skip
        map_place = self._t("person_degrees", **{name: place[name] for name in ("datum", "longitude", "latitude")})
        lines = [Line("person_how", fixed), Line("person_map_place", map_place)]
        return Placed(place["device"], self._headline(place), (*lines, *self._zones(place), *self._duties(place)))

    def _headline(self, place: dict[str, Any]) -> str:
        metres = place.get("home_m")
        if metres is None:
            return self._t("person_no_home")
        if metres <= 0:
            return self._t("person_at_home")
        way = self.words.way(place["home_deg"])
        return self._t("person_away", distance=self.words.distance(metres), way=way)

    def heard(self, devices: Iterable[dict[str, Any]]) -> list[Line]:
        """When what is worn was last heard, and its battery: the ``devices`` of the same answer."""
        return [line for device in devices for line in self._heard(device)]

    def _heard(self, device: dict[str, Any]) -> Iterator[Line]:
        contact, battery = device["contact"], device["battery_percent"]
        if contact is not None:
            age = self.words.lasted(self.now - _seconds(contact))
            key = "person_silent" if device["silent"] else "person_ago"
            yield Line("person_heard", self._t(key, time=self._time(contact), age=age), grave=device["silent"])
        if battery is not None:
            yield Line("person_battery", f"{battery}%")

    def _zones(self, place: dict[str, Any]) -> Iterator[Line]:
        for zone in place["zones"]:
            sure = self.words.percent(max(0.01, zone["probability"]))
            said = self._t(f"person_{zone['is']}", name=self._zone_name(zone), sure=sure, rule=zone["rule"])
            yield Line("person_zone", said)

    def _zone_name(self, zone: dict[str, Any]) -> str:
        return self.words.part(HOME) if zone["name"] == HOME else str(zone["name"])

    def _duties(self, place: dict[str, Any]) -> Iterator[Line]:
        """Where he has to be now: what is known of that, and since when."""
        for zone in place["zones"]:
            duty = zone.get("duty")
            if duty is not None:
                since = self._time(duty["since"])
                yield Line("person_duty", self._t(f"person_duty_{duty['is']}", name=self._zone_name(zone), since=since))

    def _time(self, said: str | float) -> str:
        return self.words.clock(_seconds(said))

    def standing(self) -> list[Line]:
        """Authority, term, devices and leave, as the county's files have them."""
        return [*self._authority(), *self._term(), *self._devices(), *self._leave(), *self._removal(), *self._care()]

    def _authority(self) -> Iterator[Line]:
        authority = authority_of(self.configuration, self.person, self.now)
        if authority is not None:
            kind = "bracelet" if authority.kind is AuthorityKind.BRACELET else "phone"
            left = max(0, math.ceil((authority.until - self.now) / DAY))
            values = {"document": authority.document, "until": self.words.day(authority.until - 1.0), "days": left}
            yield Line("person_authority", self._t(f"person_authority_{kind}", **values))

    def _term(self) -> Iterator[Line]:
        until = self.configuration.people[self.person].term_until
        if math.isfinite(until):
            yield Line("person_term", self.words.day(until - 1.0))

    def _devices(self) -> Iterator[Line]:
        for one in worn_by(self.configuration, self.person, self.now):
            device = self.configuration.devices[one.device]
            key = "person_phone" if device.is_phone else "person_bracelet"
            yield Line("person_device", self._t(key, device=device.device, since=self._time(one.start)))

    def _leave(self) -> Iterator[Line]:
        for leave in self.configuration.leave:
            if leave.person == self.person and leave.start <= self.now < leave.ends:
                values = {"until": self._time(leave.until), "by": leave.approved_by}
                yield Line("person_leave", self._t("person_leave_until", **values))

    def _removal(self) -> Iterator[Line]:
        for removal in self.configuration.removals:
            if removal.person == self.person and removal.start <= self.now < removal.until:
                values = {"until": self._time(removal.until), "by": removal.approved_by}
                yield Line("person_removal", self._t(f"person_removal_{removal.reason}", **values))

    def _care(self) -> Iterator[Line]:
        codes = self.configuration.people[self.person].care
        if codes:
            yield Line("person_care", ", ".join(codes), grave=True)


def _seconds(said: str | float) -> float:
    """UTC epoch seconds of a time, which may be a text of ISO 8601."""
    return datetime.fromisoformat(said).timestamp() if isinstance(said, str) else said
