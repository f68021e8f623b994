"""Fixes of a track that came too late to be judged: where the device said it was, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import RADIUS95, Fix, Told
from gateway.fusion.sigma import variance
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine import Policy

LATE: Final = "late"
"""The state of such a fix: nothing was judged of it."""


def unjudged(
    policy: Policy, rows: NDArray[np.void], person: str, since: float, until: float
) -> Iterator[tuple[Fix, Told]]:
    """What came too late of a person, since <= time < until, where the law lets us look at it.

    ``rows``: ``history.PAST`` that came too late, devices by their index in ``policy``.
    """
    rows = rows[rows["located"]]
    time = rows["time"].copy()
    wearing = policy.wearing_at(rows["device"].astype(np.int64), time)
    wanted = policy.lawful(wearing, time) & (time >= since) & (time < until)
    sigma = np.sqrt(variance(rows["source"], rows["accuracy_m"], rows["satellites"]))
    for at in np.flatnonzero(wanted).tolist():
        device, wearer = policy.wearings[int(wearing[at])]
        if wearer == person:
            yield _fix(rows[at], float(sigma[at]), device)


def _fix(row: np.void, sigma: float, device: str) -> tuple[Fix, Told]:
    speed, source = float(row["speed_kmh"]), Source(int(row["source"])).name.lower()
    time, place = float(row["time"]), (round(float(row["latitude"]), 7), round(float(row["longitude"]), 7))
    radius = round(RADIUS95 * sigma, 1)
    fix = Fix(time, *place, radius, 0.0 if np.isnan(speed) else round(speed, 1), LATE, source, device)
    return fix, Told(time, *place, radius, source, device, float(row["received"]), used=False)
