"""From the journal to a version of what own reports teach, in use from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from gateway.fusion.scan.known import Ear
from gateway.fusion.scan.lessons import teach
from gateway.fusion.towers import empty
from gateway.replay.lessons import read_lessons
from gateway.sqlite_faults import judged
from gateway.towers.lock import ImportLock
from gateway.towers.versions import Lessons, TowerVersions, Version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fencing.plane import LocalPlane
    from gateway.engine import Policies
    from gateway.fusion.scan.lessons import Taught
    from gateway.journal.contract import Journal
    from gateway.replay.lessons import Learning


def learn_version(  # noqa: PLR0913, PLR0917  what it is of, and when
    storage: Path, journal: Journal, policies: Policies, plane: LocalPlane, since: float, now: float,
    progress: Callable[[int], None] = lambda _: None,
) -> str:  # fmt: skip
    """Learn from a journal's reports, and use what they teach beside the tables that are in use.

    Args:
        storage: the gateway's directory.
        journal: its, opened read-only.
        policies: the configurations that it names.
        plane: the county's.
        since: receive time of the first report, UTC epoch seconds.
        now: the same of this moment.
        progress: told of the offset that was reached.

    Returns:
        The digest of the version in use now: the same for the same reports.

    Raises:
        TransientFault: somebody else makes a version, or it cannot be written; the one before stays in use.
        GatewayFault: the journal, or a configuration of it, cannot be read.
    """
    with ImportLock(storage):
        read = read_lessons(journal, policies, plane, since, progress)
        versions, taught = TowerVersions(storage), teach(read.lessons())
        try:
            digest = _use(versions, read, taught, now)
            versions.retire(())
        except OSError as fault:
            raise judged("write", versions.directory, fault) from fault
    return digest


def _use(versions: TowerVersions, read: Learning, taught: Taught, now: float) -> str:
    ears = _ears(read, taught)
    learnt, points, heard = versions.keep_taught(taught.learnt, taught.points, ears)
    of = Lessons(
        reports=read.reports, taught=taught.reports, since=read.since, until=read.until,
        cells=len(taught.learnt.cell), points=len(taught.points.cell), devices=len(ears),
        centre=(read.plane.latitude, read.plane.longitude),
    )  # fmt: skip
    version = replace(_tables(versions, now), learnt=learnt, points=points, ears=heard, lessons=of, made=now)
    return versions.use(version)


def _tables(versions: TowerVersions, now: float) -> Version:
    """The version in use; where there is none, one of no table."""
    if current := versions.current():
        return versions.about(current)
    none = versions.keep_table(empty())
    return Version(base=none, overlay=none, cells=0, counted=(), made=now, newest=0)


def _ears(read: Learning, taught: Taught) -> dict[str, Ear]:
    """How devices hear, by key; those of which nothing is known are left out."""
    keys = list(read.devices)
    rows = zip(taught.device.tolist(), taught.step_m.tolist(), taught.louder_db.tolist(), strict=True)
    return {keys[device]: Ear(step, louder) for device, step, louder in rows if not np.isnan(step) or louder != 0.0}
