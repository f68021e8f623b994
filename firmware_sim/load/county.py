"""The gateway's configuration for a load: as many bracelets as wanted, all lawful, under every kind of rule."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from firmware_sim.clock import DAY
from firmware_sim.configuration import Ruled, write_ruled
from firmware_sim.load.homes import home_of
from firmware_sim.load.options import phone_of
from firmware_sim.schedule import Span, Wearing
from firmware_sim.sensors import HOME_RADIUS

if TYPE_CHECKING:
    from pathlib import Path

WORN_SINCE = 10 * DAY
"""Seconds before now from which the bracelets are worn, lawfully."""
_BORDER = ((-50e3, -50e3), (50e3, -50e3), (50e3, 50e3), (-50e3, 50e3), (-50e3, -50e3))
_CAFE = ((-600.0, -600.0), (-580.0, -600.0), (-580.0, -580.0), (-600.0, -580.0), (-600.0, -600.0))
"""Outlines in metres, closed."""
SPARE = 16
"""Connections beside those of the bracelets, for whoever looks whether the gateway listens."""


def write_county(directory: Path, devices: int, first: str, port: int, storage: str) -> None:
    """Write a configuration directory, made if need be, that is lawful from now on for two months.

    Args:
        directory: where ``bracelet-gateway run --config`` looks.
        devices: bracelets, each worn by a person of its own.
        first: phone digits of the first; the others follow it one by one, as in ``Options``.
        port: of the JT/T 808 listener on 127.0.0.1.
        storage: the gateway's storage directory.

    Raises:
        LoadFault: the phones do not fit into 12 digits.
    """
    write_ruled(_ruled(devices, first, port, storage), directory)


def _ruled(devices: int, first: str, port: int, storage: str) -> Ruled:
    start = time.time() - WORN_SINCE
    people = [f"P{number:05d}" for number in range(devices)]
    keys = [f"B{number:05d}" for number in range(devices)]
    return Ruled(
        epoch=start,
        until=start,
        homes=[(person, home_of(number)) for number, person in enumerate(people)],
        home_radius=HOME_RADIUS,
        devices=[(key, "jt808", phone_of(first, number), "g10ls") for number, key in enumerate(keys)],
        wearings=[(key, Wearing(person, Span(start, math.inf))) for key, person in zip(keys, people, strict=True)],
        border=_BORDER,
        cafes=[("网吧", _CAFE)],
        curfew=people,
        barred=people,
        everyone=people,
        leaves=(),
        silence="",
        listeners=[_listener(devices, port)],
        upstreams=["{name: 文件, file: alarms.jsonl}"],
        storage=storage,
    )


def _listener(devices: int, port: int) -> str:
    """With room for all bracelets at once, strangers too until each has logged in."""
    room = devices + SPARE
    return (
        f'{{name: 腕带, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{port}",'
        f" max_connections: {room}, max_per_source: {room}, max_strangers: {room}}}"
    )
