"""Step: fixes into tracks. Gated, the covariance kept; what is refused is counted."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from fencing.datum import Datum, to_wgs84
from gateway.engine.reports import is_firm, is_gcj02
from gateway.fusion.motion import Motion, another_error, begin, correlated, loosen, predict, surprise, update
from gateway.fusion.sigma import bias, variance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import EngineState

STRETCHED = 9.2
"""Chi-squared, 2 degrees of freedom, 99 %: beyond it the wearer has moved more than the model thought."""
FASTEST = 70.0
"""Metres per second; a fix that needs more waits until a second one agrees."""
AGREE = 150.0
"""Metres (plus walking) within which a second far fix confirms the first."""
REST_SPEED_KMH = 2.0
REST_VELOCITY = 0.03
"""Metres per second per axis while the device says it stands: its errors average, and a move opens the gate."""
MOTION = tuple(field.name for field in fields(Motion))
"""Columns of the track that are the filter's state."""


def project(reports: Reports, policy: Policy) -> None:
    """Positions into the local plane; shifted ones are brought to WGS-84 first."""
    shifted = is_gcj02(reports)
    if shifted.any():
        fixed = to_wgs84(reports.latitude[shifted], reports.longitude[shifted], Datum.GCJ02)
        reports.latitude[shifted], reports.longitude[shifted] = fixed
    at = np.flatnonzero(reports.located)
    if len(at):
        reports.x[at], reports.y[at] = policy.plane.forward(reports.latitude[at], reports.longitude[at])


def fuse(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take the fixes of one round (at most one a wearing) into the tracks; returns the rows that were taken."""
    rows = rows[reports.located[rows] & (reports.wearing[rows] >= 0)]
    if not len(rows):
        return rows
    track = state.track
    wearing = reports.wearing[rows]
    fresh = np.isnan(track["time"][wearing])
    elapsed = np.where(fresh, 0.0, reports.time[rows] - track["time"][wearing])
    jump = ~fresh & _too_far(state, reports, rows, elapsed)
    agreed = jump & _second_opinion(state, reports, rows)
    _remember_doubt(state, reports, rows[jump & ~agreed])
    state.count("fix_implausible_jump", int((jump & ~agreed).sum()))
    started, going = rows[fresh | agreed], rows[~fresh & ~jump]
    _start(state, reports, started)
    _go_on(state, reports, going, elapsed[~fresh & ~jump])
    taken = np.sort(np.concatenate([started, going]))
    firm = taken[is_firm(reports, taken)]
    track["firm_time"][reports.wearing[firm]] = reports.time[firm]
    return taken


def variance_of(reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Measurement variance per axis, m^2, of a fix taken by itself."""
    return variance(reports.source[rows], reports.accuracy_m[rows], reports.satellites[rows])


def _motion(state: EngineState, wearing: NDArray[np.int64]) -> Motion:
    track = state.track
    return Motion(*(track[name][wearing] for name in MOTION))


def _keep(state: EngineState, reports: Reports, rows: NDArray[np.int64], motion: Motion) -> None:
    wearing, track = reports.wearing[rows], state.track
    for name in MOTION:
        track[name][wearing] = getattr(motion, name)
    track["time"][wearing], track["source"][wearing] = reports.time[rows], reports.source[rows]
    track["bias"][wearing] = bias(reports.source[rows])
    track["doubt_time"][wearing] = np.nan


def _too_far(
    state: EngineState, reports: Reports, rows: NDArray[np.int64], elapsed: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Fixes that no wearer could have reached, with five sigma of both ends allowed."""
    wearing, track = reports.wearing[rows], state.track
    gap = np.sqrt((reports.x[rows] - track["x"][wearing]) ** 2 + (reports.y[rows] - track["y"][wearing]) ** 2)
    slack = 5.0 * np.sqrt(track["pxx"][wearing] + variance_of(reports, rows))
    too_far: NDArray[np.bool_] = gap > FASTEST * elapsed + slack
    return too_far


def _second_opinion(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether an earlier doubted fix stands close to this one."""
    wearing, track = reports.wearing[rows], state.track
    gap = np.sqrt(
        (reports.x[rows] - track["doubt_x"][wearing]) ** 2 + (reports.y[rows] - track["doubt_y"][wearing]) ** 2
    )
    waited = reports.time[rows] - track["doubt_time"][wearing]
    agreed: NDArray[np.bool_] = gap <= AGREE + 3.0 * np.nan_to_num(waited)
    return agreed


def _remember_doubt(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> None:
    wearing, track = reports.wearing[rows], state.track
    track["doubt_x"][wearing], track["doubt_y"][wearing] = reports.x[rows], reports.y[rows]
    track["doubt_time"][wearing] = reports.time[rows]


def _start(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> None:
    _keep(state, reports, rows, begin(reports.x[rows], reports.y[rows], variance_of(reports, rows)))
    state.track["noise"][reports.wearing[rows]] = 1.0


def _go_on(state: EngineState, reports: Reports, rows: NDArray[np.int64], elapsed: NDArray[np.float64]) -> None:
    wearing, track = reports.wearing[rows], state.track
    speed = reports.speed_kmh[rows] / 3.6
    resting = reports.speed_kmh[rows] < REST_SPEED_KMH
    velocity = np.where(resting, REST_VELOCITY, np.where(np.isnan(speed), 1.5, 0.8 + speed))
    # At rest a fix that jumps is an error that jumped: nothing but many of them, over minutes, moves the place.
    changed = resting | (track["source"][wearing] != reports.source[rows])
    motion = predict(another_error(_motion(state, wearing), changed), elapsed, velocity)
    noise = variance_of(reports, rows) * track["noise"][wearing]
    noise = np.where(resting, correlated(noise, elapsed), noise)
    x, y = reports.x[rows], reports.y[rows]
    stretch = surprise(motion, x, y, noise)
    track["noise"][wearing] = np.where(
        resting, np.clip(track["noise"][wearing] * (0.9 + 0.05 * np.minimum(stretch, 20.0)), 1.0, 9.0),
        np.maximum(1.0, 0.9 * track["noise"][wearing]),
    )  # fmt: skip
    # A surprise is first another error (a reflection came or went), and only what that does not explain a move.
    motion = another_error(motion, stretch > STRETCHED)
    motion = loosen(motion, x, y, surprise(motion, x, y, noise) > STRETCHED)
    _keep(state, reports, rows, update(motion, x, y, noise))


def sigma_of(state: EngineState, wearing: NDArray[np.int64]) -> NDArray[np.float64]:
    """Standard deviation per axis, metres, of the fused position, its unaveraged bias included."""
    track = state.track
    sigma: NDArray[np.float64] = np.sqrt(track["pxx"][wearing] + track["bias"][wearing] ** 2)
    return sigma
