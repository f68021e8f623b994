"""Whether somebody is about to be near whoever is protected: as both go now, before another report could say so.

Both are reckoned ahead from where they were put last, at the pace and in the direction of their last ten seconds or
more. It is said no earlier than it has to be: ways turn off, and what is said of those is false.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from fencing.verdict import APART

if TYPE_CHECKING:
    from numpy.typing import NDArray

REST: Final = 0.3
"""Metres per second of a wearer who has rested (``between``)."""
STALE: Final = 180.0
"""Seconds between two places, at most, from which it is reckoned how somebody goes."""
GOES_ON: Final = 60.0
"""Seconds after a place, at most, for which somebody is taken to go on as before."""
CLOSING: Final = 0.5
"""Metres per second, one against the other, below which nobody comes."""
HURRY: Final = 3.0
"""The same, from which on somebody comes fast: no walk."""
REPORTS, SPARE = 1.3, 7.0
"""So many times as far ahead as the last two reports of whoever goes faster were apart, and so many seconds more:
reports take a few to come, and turns a few to be seen."""
STRAIGHT: Final = 0.96
"""Of the distance that is too near: how near both would come, at least, if they went on. Who would pass by its edge
turns off as often as not."""


def follow(place: NDArray[Any], one: Any) -> None:  # noqa: ANN401  a record is a scalar of numpy's
    """How somebody goes, from a place ``APART`` seconds and more before (in ``place``, one row) to this one.

    What bracelets state of it is often 0.
    """
    since = float(one["time"] - place["time"][0])
    place["gap"] = min(STALE, since)
    elapsed = float(one["time"] - place["base_time"][0])
    if elapsed < APART:
        return
    known = elapsed <= STALE and one["pace"] > REST
    for speed, axis in (("vx", "x"), ("vy", "y")):
        place[speed] = (one[axis] - place[f"base_{axis}"][0]) / elapsed if known else 0.0
        place[f"base_{axis}"] = one[axis]
    place["base_time"] = one["time"]


def closing(one: Any, other: Any) -> tuple[float, float]:  # noqa: ANN401  records are scalars of numpy's
    """Metres per second of two against each other, and those of it by which they come nearer."""
    x, y, vx, vy = _between(one, other)
    apart = math.hypot(x, y)
    return math.hypot(vx, vy), -(x * vx + y * vy) / apart if apart else 0.0


def comes(one: Any, other: Any, near: float) -> bool:  # noqa: ANN401  as above
    """Whether two who come nearer will be within ``near`` metres before another report could say so."""
    x, y, vx, vy = _between(one, other)
    speed = math.hypot(vx, vy)
    if speed < CLOSING or math.hypot(float(one["sigma"]), float(other["sigma"])) > near:
        return False
    nearest = -(x * vx + y * vy) / speed**2
    if nearest <= 0.0 or math.hypot(x + vx * nearest, y + vy * nearest) >= STRAIGHT * near:
        return False
    ahead = min(nearest, REPORTS * float(_faster(one, other)["gap"]) + SPARE)
    return math.hypot(x + vx * ahead, y + vy * ahead) < near


def _between(one: Any, other: Any) -> tuple[float, float, float, float]:  # noqa: ANN401  as above
    """Where one is from the other, and how that changes: metres and metres per second, at the newer one's time."""
    age = float(one["time"] - other["time"])
    goes_on = abs(age) <= GOES_ON
    other_vx, other_vy = (float(other[name]) if goes_on else 0.0 for name in ("vx", "vy"))
    x = float(one["x"] - other["x"]) - other_vx * age
    y = float(one["y"] - other["y"]) - other_vy * age
    return x, y, float(one["vx"]) - other_vx, float(one["vy"]) - other_vy


def _faster(one: Any, other: Any) -> Any:  # noqa: ANN401  as above
    speeds = [math.hypot(float(each["vx"]), float(each["vy"])) for each in (one, other)]
    return one if speeds[0] >= speeds[1] else other
