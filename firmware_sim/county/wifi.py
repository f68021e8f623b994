"""Access points: one to three in every building, with the addresses of made-up makers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from firmware_sim.county.buildings import Stock

MOST = 3
LOCAL = 0x02
"""The bit of an address that no maker owns (IEEE 802-2014, section 8.2.2)."""


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """An address and where it stands, metres."""

    bssid: str
    x: float
    y: float


def access_points(seed: int, stock: Stock) -> list[AccessPoint]:
    """All of a county: in its buildings and homes."""
    draw = np.random.default_rng([seed, 103])
    places = [building.place for buildings in stock.by_use.values() for building in buildings] + list(stock.homes)
    found = []
    for place in places:
        for _ in range(int(draw.integers(1, MOST + 1))):
            octets = [LOCAL, *draw.integers(0, 256, 5).tolist()]
            east, north = draw.uniform(-8.0, 8.0, 2)
            bssid = ":".join(f"{octet:02x}" for octet in octets)
            found.append(AccessPoint(bssid, round(place.x + float(east), 1), round(place.y + float(north), 1)))
    return found
