"""All reports of a batch of frames as columns: one pass a form, no Python loop per report of the frequent ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from protocols.civil import moments
from protocols.gt06.bodies import Bodies, bodies_of
from protocols.gt06.clock import WIDTH
from protocols.gt06.fill import batch_of
from protocols.gt06.heard import cells_of
from protocols.gt06.readings import CELL_FIELDS, Readings, in_columns, one_by_one
from protocols.gt06.zone import zone_in
from protocols.report import CellColumns, ReportBatch, WifiColumns, blank, column_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from protocols.gt06.messages import Form
    from protocols.gt06.profiles import Profile
    from protocols.session import FrameBatch


def decode(frames: FrameBatch, profiles: Mapping[str, Profile]) -> ReportBatch:
    """Decode whole frames.

    Args:
        frames: as journaled; ``facts`` is the seconds by which the clock of a local message is ahead of UTC.
        profiles: by name; a name in ``frames.profile`` that is not there is read as the first.

    Returns:
        The reports in order of frame, at most one a frame; messages without reports give none.
    """
    return decode_with(frames, profiles, columns=True)


def prepare() -> None:
    """Call every loop once."""
    moments(np.zeros((1, WIDTH), np.int64))
    cells_of(Readings({}, cells=[(0,) * len(CELL_FIELDS)]), 0)


def decode_with(frames: FrameBatch, profiles: Mapping[str, Profile], *, columns: bool) -> ReportBatch:
    """:func:`decode`, in columns or all through the interpreted schemas: tests hold the one against the other."""
    bodies = bodies_of(frames)
    which = frames.profile_index[bodies.frame]
    parts = []
    for index in np.unique(which).tolist():
        profile = profiles.get(frames.profile[index]) or next(iter(profiles.values()))
        ahead = zone_in(frames.facts[index]) if frames.facts else 0
        for number, form, mine in formed(bodies.where(which == index), profile):
            read = in_columns if columns and form.columns is not None else one_by_one
            zone = (ahead or profile.zone_seconds) if profile.is_local(number) else 0
            parts.append(batch_of(mine.frame, read(form, mine), profile, zone))
    return _joined(parts)


def formed(bodies: Bodies, profile: Profile) -> Iterator[tuple[int, Form, Bodies]]:
    """Rows by message and form: the vectorised twin of :meth:`Profile.form_of`."""
    for number in np.unique(bodies.message).tolist():
        left = bodies.where(bodies.message == number)
        for form in profile.forms_of(number):
            if not len(left):
                break
            fits = fitting(form, left)
            if fits.all():
                yield number, form, left
                break
            if fits.any():
                yield number, form, left.where(fits)
                left = left.where(~fits)


def fitting(form: Form, bodies: Bodies) -> NDArray[np.bool_]:
    """Which rows are of a form: the vectorised twin of :meth:`Form.fits`, bool (n,)."""
    size = bodies.end - bodies.start
    fits = (size >= form.least) & (size <= form.most)
    if not fits.any():
        return fits
    if form.among:
        fits &= np.logical_or.reduce([size == one for one in form.among])
    for test in form.tests:
        # What is too short for the test has been ruled out; it reads some byte, whichever.
        at = np.minimum(bodies.start + test.at, len(bodies.buffer) - 1)
        fits &= bodies.buffer[at] & test.mask == test.value
    for offset, most in form.limits:
        fits &= bodies.buffer[np.minimum(bodies.start + offset, len(bodies.buffer) - 1)] <= most
    if form.when is not None:
        for row in np.flatnonzero(fits).tolist():
            fits[row] = form.when(bodies.content(row))
    return fits


def _joined(parts: Sequence[ReportBatch]) -> ReportBatch:
    if not parts:
        return blank(0)
    if len(parts) == 1:
        return parts[0]
    frame = np.concatenate([part.frame for part in parts])
    order = np.argsort(frame, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    first = np.cumsum([0, *(len(part) for part in parts[:-1])])
    columns = {name: np.concatenate([getattr(part, name) for part in parts])[order] for name in column_names()}
    cells = _ragged([part.cells for part in parts], first, place)
    wifi = _ragged([part.wifi for part in parts], first, place)
    return ReportBatch(**columns, cells=CellColumns(**cells), wifi=WifiColumns(**wifi))


def _ragged(
    parts: Sequence[CellColumns] | Sequence[WifiColumns], first: NDArray[np.int64], place: NDArray[np.int64]
) -> dict[str, NDArray]:  # type: ignore[type-arg]
    """Ragged columns of all parts, ``report`` counted anew, in order of report."""
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in type(parts[0]).__dataclass_fields__
    }
    counted = [part.report + at for part, at in zip(parts, first.tolist(), strict=True)]  # type: ignore[attr-defined]
    columns["report"] = place[np.concatenate(counted)]
    order = np.argsort(columns["report"], kind="stable")
    return {name: column[order] for name, column in columns.items()}
