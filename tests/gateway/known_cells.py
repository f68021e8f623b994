"""Cells and access points near the cafe, two versions of where a table has them, and a timeline that knows them."""

from __future__ import annotations

import numpy as np
from timeline import PLANE, Timeline, degrees

from firmware_sim.firmware.measurement import AccessPoint
from firmware_sim.firmware.messages import Alarm, Location, location_body
from firmware_sim.radio import Cell
from gateway.engine.step import step
from gateway.fusion.scan.known import Known
from gateway.fusion.towers import Places, Towers, area_of, empty, point_names, table_of
from gateway.journal.controls import TowersNamed
from gateway.journal.entries import EntryKind

POINTS = {0x081B2C3D4E51: (10.0, 0.0), 0x081B2C3D4F52: (-10.0, 8.0), 0x081B2C3D5053: (0.0, -12.0)}
"""Access point: metres from the cafe's door."""
MASTS = {1001: (400.0, 0.0), 1002: (-300.0, 200.0), 1003: (100.0, -500.0), 2001: (6000.0, 4000.0)}
"""Cell: where a table has it, metres."""
NEAR = (1001, 1002, 1003)


def version(masts: dict[int, tuple[float, float]], door: tuple[float, float] = (0.0, 0.0)) -> Known:
    """What a table of these cells gives, and a survey of the access points behind a door."""
    cells = np.array(sorted(masts), np.int64)
    at_door = [(door[0] + x, door[1] + y) for x, y in POINTS.values()]
    latitude, longitude = np.array([degrees(each) for each in (*(masts[cell] for cell in cells.tolist()), *at_door)]).T
    counts = len(cells), len(POINTS)
    sigma = np.repeat(np.array([500.0, 30.0], np.float32), counts)
    mcc, mnc, area, cid = point_names(np.array(list(POINTS), np.int64))
    areas = np.concatenate([np.full(len(cells), area_of(*map(np.array, (460, 0, 77)))), area_of(mcc, mnc, area)])
    places = Places(latitude, longitude, sigma, np.full(sum(counts), 9, np.int32))
    return Known(Towers(table_of(areas, np.concatenate([cells, cid]), places), empty()))


VERSIONS = {"here": version(MASTS), "moved": version({cell: (x, y + 5000.0) for cell, (x, y) in MASTS.items()})}


def body(
    time: float, cells: tuple[int, ...], place: tuple[float, float] | None = None, points: tuple[int, ...] = (),
    satellites: int = 9,
) -> bytes:  # fmt: skip
    """A 0200 that heard cells, with a fix or without."""
    latitude, longitude = degrees(place) if place else (0.0, 0.0)
    heard = tuple(Cell(460, 0, 77, cell, 60) for cell in cells)
    return location_body(
        Location(
            time,
            Alarm(0),
            place is not None,
            latitude,
            longitude,
            0.0,
            0.0,
            satellites if place else 0,
            20,
            80,
            0.0,
            heard,
            tuple(AccessPoint(point.to_bytes(6), -60) for point in points),
        )
    )


class Heard(Timeline):
    """A timeline that knows cells."""

    def towers(self, time: float, digest: str) -> None:
        self.control(EntryKind.TOWERS, time, TowersNamed(digest))

    def run(self) -> list[dict]:
        entries, self.waiting = self.waiting.batch(), type(self.waiting)()
        self.stepped.append(entries)
        return self._said(
            step(self.state, entries, self.policies, first=self.state.offset, towers=VERSIONS.__getitem__)
        )

    def rows(self) -> np.ndarray:
        """What the history holds."""
        return self.state.history.between(self.policy.devices, -np.inf, np.inf, 10**9)

    def metres(self) -> np.ndarray:
        """(n, 2): where its rows lie."""
        rows = self.rows()
        return np.column_stack(PLANE.forward(rows["latitude"], rows["longitude"]))
