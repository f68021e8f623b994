"""Where everybody was last: all whom the law lets us look at now, worked out in columns, for a map and lists.

The newest place of each, and of a phone beside it where it is looked for on a basis of its own. A place keeps its age.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fencing.datum import from_wgs84
from gateway.clock import iso
from gateway.engine import HOME, IS_IN, WatchKind, radii_of
from gateway.words.coordinates import DIGITS, NAMES
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine import EngineState, Policy

    View = Callable[[], tuple[EngineState, Policy, float]]

FRESH: Final = 3.0
"""Seconds of receive time for which what was worked out is told again."""
ANY_REACH: Final = 1e7
_SOURCES: Final = [None if source is Source.NONE else source.name.lower() for source in sorted(Source)]

Row = dict[str, Any]


@dataclass(slots=True)
class LastPlaces:
    """The rows of everybody. ``view``: the engine's state, its policy, and the receive time now."""

    view: View
    _rows: list[Row] = field(default_factory=list)
    _made: tuple[float, int] = (-np.inf, 0)
    """When, and of which policy."""

    def told(self, offices: Callable[[str], bool]) -> dict[str, Any]:
        """Rows of the people of some offices, by person; at most FRESH seconds old.

        A row: ``person``, ``office``, ``device``, ``latitude`` and ``longitude`` in ``datum`` (that of the county's
        maps), ``position`` (GeoJSON, WGS-84), ``radius95_m``, ``time``, ``age_seconds``, ``source``, ``home_m``,
        ``home_deg``, ``zones`` (``zone``, ``name``, ``is``), ``contact``, ``silent``, ``battery_percent``, ``open``
        (kinds of alarms that nobody has closed). What is not known is None.
        """
        state, policy, now = self.view()
        made, of = self._made
        if not (0.0 <= now - made < FRESH and of == id(policy)):
            self._rows = list(rows_of(state, policy, now))
            self._made = now, id(policy)
        return {"now": iso(self._made[0]), "places": [row for row in self._rows if offices(row["office"])]}


def rows_of(state: EngineState, policy: Policy, now: float) -> Iterator[Row]:
    """A row a person and kind of device, by person."""
    wearings = _newest(state, policy, _lawful(policy, now))
    columns = _columns(state, policy, wearings, now)
    zones, open_kinds = _zones(state, policy), _open(state)
    people, phone = policy.configuration.people, policy.phone[_seats(policy, wearings)].tolist()
    for wearing, is_phone, *values in zip(wearings.tolist(), phone, *columns.values(), strict=True):
        device, person = policy.wearings[wearing]
        yield {
            "person": person, "office": people[person].office, "device": device,
            **dict(zip(columns, values, strict=True)),
            "zones": [said for said, region in zones.get(person, ()) if region == is_phone],
            "open": open_kinds.get(person, []),
        }  # fmt: skip


def _lawful(policy: Policy, now: float) -> NDArray[np.int64]:
    every = np.arange(len(policy.wearings))
    found: NDArray[np.int64] = np.flatnonzero(policy.lawful(every, np.full(len(every), now)) & ~policy.hidden)
    return found


def _newest(state: EngineState, policy: Policy, wearings: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each person and kind of device the wearing that was placed last."""
    seat = _seats(policy, wearings)
    owner, placed = policy.wearing_person[wearings] * 2 + policy.phone[seat], state.track["time"][wearings]
    order = np.lexsort((wearings, np.nan_to_num(placed, nan=-np.inf), owner))
    ends = np.flatnonzero(np.diff(owner[order], append=-1))
    newest: NDArray[np.int64] = wearings[order[ends]]
    return newest


def _seats(policy: Policy, wearings: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array([policy.device_index[policy.wearings[each][0]] for each in wearings.tolist()], np.int64)


def _columns(
    state: EngineState, policy: Policy, wearings: NDArray[np.int64], now: float
) -> Mapping[str, Sequence[object]]:
    """What is known of each wearing, a list a name."""
    track, seat = state.track.records[wearings], _seats(policy, wearings)
    latitude, longitude = policy.plane.inverse(track["x"], track["y"])
    maps = policy.configuration.county.maps
    north, east = from_wgs84(latitude, longitude, maps)
    away, way = _from_home(policy, wearings, track)
    placed = ~np.isnan(track["x"])
    pairs = zip(np.round(longitude, 7).tolist(), np.round(latitude, 7).tolist(), placed.tolist(), strict=True)
    battery = state.levels["battery"][seat]
    return {
        "latitude": _known(np.round(north, DIGITS)), "longitude": _known(np.round(east, DIGITS)),
        "datum": [NAMES[maps]] * len(wearings),
        "position": [{"type": "Point", "coordinates": [x, y]} if known else None for x, y, known in pairs],
        "radius95_m": _known(np.where(placed, np.round(radii_of(state, wearings)["r95"], 1), np.nan)),
        "time": _moments(np.where(placed, track["time"], np.nan)),
        "age_seconds": _known(np.where(placed, np.round(np.maximum(now - track["time"], 0.0), 1), np.nan)),
        "source": [_SOURCES[each] if known else None for each, known in zip(track["source"], placed, strict=True)],
        "home_m": _known(np.round(away)), "home_deg": _known(np.round(way) % 360.0),
        "contact": _moments(state.device["heard"][seat]), "silent": state.device["silent"][seat].tolist(),
        "battery_percent": [each if each >= 0 else None for each in battery.tolist()],
    }  # fmt: skip


def _known(column: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in column.tolist()]  # noqa: PLR0124  NaN is unlike itself


def _moments(column: NDArray[np.float64]) -> list[str | None]:
    """UTC epoch seconds as ISO 8601 to the second."""
    known = ~np.isnan(column)
    said = np.datetime_as_string(np.where(known, column, 0.0).astype("datetime64[s]"), timezone="UTC").tolist()
    return [each if is_known else None for each, is_known in zip(said, known.tolist(), strict=True)]


def _from_home(
    policy: Policy, wearings: NDArray[np.int64], track: NDArray[np.void]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres outside of each wearer's home (below 0 inside), and degrees clockwise from north; NaN without either."""
    away, way = np.full(len(wearings), np.nan), np.full(len(wearings), np.nan)
    index = {zone: at for at, zone in enumerate(policy.zone_ids)}
    homes = np.array([index.get(f"{HOME}:{policy.wearings[each][1]}", -1) for each in wearings.tolist()], np.int64)
    at = np.flatnonzero((homes >= 0) & ~np.isnan(track["x"]))
    x, y = track["x"][at], track["y"][at]
    distance, place = policy.zones.signed_distance(homes[at], x, y, np.full(len(at), ANY_REACH))
    away[at] = -distance
    each = zip(homes[at].tolist(), place.tolist(), x.tolist(), y.tolist(), strict=True)
    way[at] = [policy.zones.bearing(*one) for one in each]
    return away, way


def _zones(state: EngineState, policy: Policy) -> dict[str, list[tuple[Row, bool]]]:
    """By person: each zone that a rule of theirs speaks of, as evidence has it, and whether phones are held to it."""
    watches, found = policy.watches, dict[str, list[tuple[Row, bool]]]()
    columns, region = (watches.kind, watches.zone, state.watch["verdict"]), int(WatchKind.REGION)
    for key, kind, zone, verdict in zip(watches.key, *(column.tolist() for column in columns), strict=True):
        said = {"zone": key[2], "name": policy.zones.zone_name(zone), "is": IS_IN[kind][verdict]}
        found.setdefault(key[0], []).append((said, kind == region))
    return found


def _open(state: EngineState) -> dict[str, list[str]]:
    """By person: kinds of the alarms that nobody has closed, sorted."""
    found: dict[str, set[str]] = {}
    for episode in state.episodes.values():
        if episode.person and not episode.resolved:
            found.setdefault(episode.person, set()).add(episode.kind)
    return {person: sorted(kinds) for person, kinds in found.items()}
