"""Fixes of a track that came too late to be judged: where the device said it was, by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import RADIUS95, Fix, MemoryHistory, by_device
from gateway.engine.late import LATEST
from gateway.fusion.sigma import variance
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gateway.engine import Policy

LATE: Final = "late"
"""The state of such a fix: nothing was judged of it."""


@dataclass(slots=True)
class LateHistory:
    """A history in memory that remembers what came too late."""

    _memory: MemoryHistory = field(default_factory=MemoryHistory)
    _late: list[tuple[Sequence[str], NDArray[np.void]]] = field(default_factory=list)

    def add(self, devices: Sequence[str], rows: NDArray[np.void], first: int) -> None:
        """See ``History``."""
        wanted = rows["late"] & rows["located"] & (rows["received"] - rows["order"] > LATEST)
        self._late.append((devices, rows[wanted]))
        self._memory.add(devices, rows, first)

    def between(self, devices: Sequence[str], since: float, until: float, before: int) -> NDArray[np.void]:
        """See ``History``."""
        return self._memory.between(devices, since, until, before)

    def fixes(self, policy: Policy, person: str, since: float, until: float) -> Iterator[Fix]:
        """What came too late of a person, since <= time < until, where the law lets us look at it."""
        for device, rows in by_device(self._late):
            index = np.full(len(rows), policy.device_index.get(device, -1), np.int64)
            time = rows["time"].copy()
            wearing = np.where(index < 0, -1, policy.wearing_at(index, time))
            wanted = policy.lawful(wearing, time) & (time >= since) & (time < until)
            sigma = np.sqrt(variance(rows["source"], rows["accuracy_m"], rows["satellites"]))
            for at in np.flatnonzero(wanted).tolist():
                if policy.wearings[int(wearing[at])][1] == person:
                    yield _fix(rows[at], float(sigma[at]), device)


def _fix(row: np.void, sigma: float, device: str) -> Fix:
    speed = float(row["speed_kmh"])
    return Fix(
        float(row["time"]), round(float(row["latitude"]), 7), round(float(row["longitude"]), 7),
        round(RADIUS95 * sigma, 1), 0.0 if np.isnan(speed) else round(speed, 1), LATE,
        Source(int(row["source"])).name.lower(), device,
    )  # fmt: skip
