"""Why a bracelet may have fallen silent: what its last reports heard, and what its wearer's past says of the place.

Foil, a flat battery and a garage look alike from the moment of silence on. They differ before: a battery says what is
left; satellites and cells that go together within minutes were covered; and a place at which this wearer has been heard
for hours, and never faded, has coverage. Nothing here says that anybody did anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.given import given_since, levels_of
from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact

FLAT: Final = 10
"""Percent of battery up to which it was probably flat."""
GOOD, FAINT = 3, 1
"""Cells and access points heard by who is heard well, and by who is not."""
TOGETHER: Final = 360.0
"""Seconds from the last report that saw and heard well to the first that did neither: a resting bracelet's interval."""
FADING: Final = 900.0
"""Seconds for which fading may last until it is silent: longer is a place without coverage."""
NEAR_DEGREES: Final = 0.003
"""Degrees of latitude and longitude, some 300 m, within which it is the same place."""
HOURS: Final = 6
"""Different hours in which the wearer was heard there, from which on the place has coverage."""
PAST: Final = 7 * 86_400.0
SHIELDED_SURE: Final = 0.8
"""A judgement: jamming and a mast that failed look the same."""
WHY: Final = "why"
SHIELDED, BATTERY, COVERAGE, OFF, DEAD = "shielded", "flat", "coverage", "off", "dead"


def why_silent(context: Context, device: int, due: float, offset: int) -> dict[str, Fact]:
    """What speaks for one reason, of a device that is missed at ``due``: ``why``, and since when it ``faded``.

    ``offset``: entries before it had come.
    """
    levels = levels_of(context.state, context.policy, device, due)
    if not np.isnan(levels["off_from"]):
        return {WHY: OFF}
    if levels["critical"]:
        return {WHY: DEAD}
    if 0 <= levels["battery"] <= FLAT:
        return {WHY: BATTERY}
    group = int(context.policy.group[device])
    rows = context.past(group, due - PAST, due, offset)
    rows = rows[(rows["device"] == device) & ~rows["bare"]]
    since = given_since(context.state, context.policy, rows["device"].astype(np.int64), np.full(len(rows), due))
    rows = rows[np.minimum(rows["time"], rows["received"]) >= since]
    faint, well = _faint(rows), _well(rows)
    begun = len(rows) - _trailing(faint)
    if begun == len(rows) or not begun or not well[begun - 1]:
        return {}
    before, first = rows[begun - 1], rows[begun]
    if first["time"] - before["time"] > TOGETHER or rows[-1]["time"] - first["time"] > FADING:
        return {}
    here = _near(rows, before)
    hours = np.unique(np.floor(rows["time"][:begun][here[:begun] & well[:begun]] / 3600.0))
    faded_before = (faint[1:begun] & well[: begun - 1] & here[: begun - 1]).any()
    return {WHY: COVERAGE if faded_before or len(hours) < HOURS else SHIELDED, "faded": float(first["time"])}


def _well(rows: NDArray[np.void]) -> NDArray[np.bool_]:
    """Reports that saw satellites and heard several cells."""
    well: NDArray[np.bool_] = rows["located"] & (rows["source"] == Source.GNSS) & (rows["heard_n"] >= GOOD)
    return well


def _faint(rows: NDArray[np.void]) -> NDArray[np.bool_]:
    """Reports that saw none, and heard one cell or nothing."""
    seen = rows["located"] & (rows["source"] != Source.CELL)
    faint: NDArray[np.bool_] = ~seen & (rows["heard_n"] <= FAINT)
    return faint


def _near(rows: NDArray[np.void], one: NDArray[np.void]) -> NDArray[np.bool_]:
    sides = (np.abs(rows[name] - one[name]) <= NEAR_DEGREES for name in ("latitude", "longitude"))
    near: NDArray[np.bool_] = np.logical_and(*sides)
    return near


def _trailing(faint: NDArray[np.bool_]) -> int:
    """How many at the end are so."""
    return int(np.argmin(faint[::-1])) if not faint.all() else len(faint)
