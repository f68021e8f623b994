"""What is known of where a wearer was last, for whoever reads an alarm or asks: place, age, home, zones, which way.

A place keeps its age: nothing here says where somebody is now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from fencing.verdict import Verdict
from gateway.engine.fuse import radii_of
from gateway.engine.shapes import HOME
from gateway.engine.watching import WatchKind
from gateway.fusion.radius import NORMAL95
from gateway.settings.model import NEAR_HOME
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.episode import Fact
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

RADIUS95 = NORMAL95
"""Radius in sigmas that holds 95 % of a circular normal distribution: sqrt(-2 ln 0.05)."""
ANY_REACH = np.array([1e7])
"""Metres: a distance is wanted however far."""
_PLAIN = {int(Verdict.IN): "inside", int(Verdict.OUT): "outside", int(Verdict.UNKNOWN): "unknown"}
_BARRED = {int(Verdict.IN): "outside", int(Verdict.OUT): "inside", int(Verdict.UNKNOWN): "unknown"}
IS_IN: Mapping[int, Mapping[int, str]] = {
    int(kind): _BARRED if kind is WatchKind.KEEP_OUT else _PLAIN for kind in WatchKind
}
"""Whether somebody is in a zone, by kind of watch and verdict: who keeps out of a barred one is outside."""


class Whereabouts(TypedDict):
    """A fused position: WGS-84 degrees and its 95 % radius in metres; all None where there is no track."""

    latitude: float | None
    longitude: float | None
    radius_m: float | None


NOWHERE: Whereabouts = {"latitude": None, "longitude": None, "radius_m": None}


def place_of(state: EngineState, policy: Policy, wearing: int, *, is_called: bool = False) -> Whereabouts:
    """The last fused position of a wearing; ``wearing`` -1: of nobody.

    That of somebody protected is never told, unless ``is_called``: who asks for help has to be found.
    """
    track = state.track
    if wearing < 0 or (policy.hidden[wearing] and not is_called) or np.isnan(track["x"][wearing]):
        return NOWHERE
    latitude, longitude = policy.plane.inverse(track["x"][wearing], track["y"][wearing])
    radius = float(radii_of(state, np.array([wearing]))["r95"][0])
    return {
        "latitude": round(float(latitude), 7), "longitude": round(float(longitude), 7), "radius_m": round(radius, 1),
    }  # fmt: skip


def last_known(state: EngineState, policy: Policy, wearing: int) -> dict[str, Fact]:
    """When and by what the place was found, how it lies to the home, and which zones it was judged in or out of."""
    track = state.track
    if wearing < 0 or policy.hidden[wearing] or np.isnan(track["x"][wearing]):
        return {}
    source = Source(int(track["source"][wearing]))
    known: dict[str, Fact] = {"placed": float(track["time"][wearing])}
    if source is not Source.NONE:
        known["source"] = source.name.lower()
    home = f"{HOME}:{policy.wearings[wearing][1]}"
    if home in policy.zone_ids:
        away = seen_from(state, policy, wearing, policy.zone_ids.index(home))
        known |= {"home_m": away["away_m"], "home_deg": away["away_deg"]}
    return known | _judged(state, policy, wearing)


def _judged(state: EngineState, policy: Policy, wearing: int) -> dict[str, Fact]:
    """Names of the zones that a rule of the wearer speaks of, as the last verdicts had them."""
    person, watches = int(policy.wearing_person[wearing]), policy.watches
    first = int(watches.first[person])
    names: dict[str, list[str]] = {"outside": [], "inside": []}
    for watch in range(first, first + int(watches.count[person])):
        kind, name = WatchKind(int(watches.kind[watch])), policy.zones.zone_name(int(watches.zone[watch]))
        word = "inside" if kind is WatchKind.KEEP_OUT else "outside"
        judged = kind is not WatchKind.BE_THERE and state.watch["verdict"][watch] == Verdict.OUT
        if judged and name not in names[word]:
            names[word].append(name)
    return {word: ", ".join(found) for word, found in names.items() if found}


def seen_from(state: EngineState, policy: Policy, wearing: int, zone: int) -> dict[str, Fact]:
    """How far outside a zone the last place lies (``away_m``, below 0 inside), which way, and how fast further away.

    ``away_deg``: degrees clockwise from north, from the zone outwards; ``away_ms``: metres per second outwards. Nothing
    where this wearing has no track: another device has shown the place.
    """
    track, here = state.track, np.array([wearing])
    x, y = track["x"][here], track["y"][here]
    if np.isnan(x[0]):
        return {}
    distance, place = policy.zones.signed_distance(np.array([zone]), x, y, ANY_REACH)
    bearing = policy.zones.bearing(zone, int(place[0]), float(x[0]), float(y[0]))
    turn = np.radians(bearing)
    outwards = track["vx"][here] * np.sin(turn) + track["vy"][here] * np.cos(turn)
    return {
        "away_m": round(-float(distance[0])), "away_deg": round(bearing) % 360, "away_ms": round(float(outwards[0]), 1),
    }  # fmt: skip


def home_near(policy: Policy, person: str, zone: int) -> dict[str, Fact]:
    """``home_to_zone_m``: metres from the wearer's home to a zone, where it is near."""
    home = policy.configuration.people[person].home
    if home is None:
        return {}
    x, y = policy.plane.forward([home.latitude], [home.longitude])
    distance, _ = policy.zones.signed_distance(np.array([zone]), x, y, ANY_REACH)
    metres = max(0, round(-float(distance[0])))
    return {"home_to_zone_m": metres} if metres <= NEAR_HOME else {}
