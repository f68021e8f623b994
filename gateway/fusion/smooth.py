"""Places by what came afterwards, too: the smoother of Rauch, Tung and Striebel (AIAA Journal 3, 1965) over rest.

For whoever looks back; verdicts are decided as reports come. Under way the place is the fix, before and after alike.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formulas.formula import Loop, Record, formula
from gateway.fusion.motion import DRIFT, REST_TIME
from gateway.fusion.radius import AVERAGED, SETTLED, is_fixed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def smoothed(tracks: NDArray[np.void]) -> NDArray[np.void]:
    """One wearing's tracks just after each of its fixes, in their order, as all of them together put them.

    Args:
        tracks: records of the track's bank, (n,).

    Returns:
        (n,) records whose place and covariance are smoothed.
    """
    after = tracks.copy()
    _go_back(after)
    return after


@Loop
def _go_back(tracks: NDArray[np.void]) -> None:
    stayed = len(tracks) > 1 and has_stayed(tracks[-2], tracks[-1])
    for index in range(len(tracks) - 2, -1, -1):
        # Of the earlier one before it is smoothed itself.
        earlier = index > 0 and has_stayed(tracks[index - 1], tracks[index])
        if stayed:
            look_back(tracks[index], tracks[index + 1])
        stayed = earlier


@formula
def has_stayed(before: Record, after: Record) -> bool:
    """Whether the later track rests where the earlier one does: it has averaged, and not begun anew at a fix."""
    rests = after.idle >= SETTLED and after.pxx < AVERAGED * after.variance
    return bool(rests and is_fixed(before) and is_fixed(after) and after.time >= before.time)


@formula
def look_back(track: Record, after: Record) -> None:
    """Place, error and their covariance, by those of the next fix, which are smoothed already.

    The states are of ``motion``: a place that drifts, and an error in sigmas that fades; what is predicted of them is
    what :func:`gateway.fusion.motion.stay` predicts.
    """
    elapsed = after.time - track.time
    kept = math.exp(-elapsed / REST_TIME)
    xx, xe, ee = track.pxx, track.pxe, track.pee
    next_xx, next_xe, next_ee = xx + DRIFT * elapsed, kept * xe, 1.0 - kept * kept * (1.0 - ee)
    size = next_xx * next_ee - next_xe * next_xe
    if not size > 0.0:
        return
    gain_xx, gain_xe = (xx * next_ee - kept * xe * next_xe) / size, (kept * xe * next_xx - xx * next_xe) / size
    gain_ex, gain_ee = (xe * next_ee - kept * ee * next_xe) / size, (kept * ee * next_xx - xe * next_xe) / size
    dx, dy = after.x - track.x, after.y - track.y
    ex, ey = after.ex - kept * track.ex, after.ey - kept * track.ey
    track.x, track.y = track.x + gain_xx * dx + gain_xe * ex, track.y + gain_xx * dy + gain_xe * ey
    track.ex, track.ey = track.ex + gain_ex * dx + gain_ee * ex, track.ey + gain_ex * dy + gain_ee * ey
    less_xx, less_xe, less_ee = after.pxx - next_xx, after.pxe - next_xe, after.pee - next_ee
    half_xx, half_xe = gain_xx * less_xx + gain_xe * less_xe, gain_xx * less_xe + gain_xe * less_ee
    half_ex, half_ee = gain_ex * less_xx + gain_ee * less_xe, gain_ex * less_xe + gain_ee * less_ee
    track.pxx = xx + half_xx * gain_xx + half_xe * gain_xe
    track.pxe = xe + half_xx * gain_ex + half_xe * gain_ee
    track.pee = ee + half_ex * gain_ex + half_ee * gain_ee
