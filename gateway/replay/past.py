"""Where a wearer was: a stretch of the fused track, worked out anew from the journal, in a process of its own.

    python -m gateway.replay.past JOURNAL PERSON SINCE UNTIL IN_FORCE

One JSON text on standard output. The journal is opened read-only; it is read from a day before SINCE, so that evidence
and verdicts have settled, with the frames of the devices alone that the wearer or a fellow wearer of theirs has worn.
IN_FORCE is a JSON text (:class:`InForce`); what it does not say of earlier times, the journal is asked.
"""

from __future__ import annotations

import math
import os
import resource
import sys
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from gateway.engine import ENGINE, EngineState, Fix, Past, configure, start, state_of
from gateway.engine.step import step
from gateway.fusion.radius import radii
from gateway.fusion.smooth import smoothed
from gateway.journal import FileJournal
from gateway.journal.entries import NO_ORIGIN, EntryBatch, EntryKind, Gathering
from gateway.replay.reading import PolicyShelf, configured, digest_at, merged, towers_before
from gateway.replay.unjudged import LateHistory
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from fencing.plane import LocalPlane
    from gateway.engine import Context, Policy
    from gateway.journal.contract import Journal

DAY = 86_400.0
WARM_UP = DAY
"""Seconds before the stretch from which the journal is read."""
LATER = 7 * DAY
"""Seconds after it within which what bracelets had stored may still arrive, and be put in its place."""
SETTLED = 900.0
"""Seconds after the last entry by which all late reports are in their places."""
MOST_FIXES = 100_000
MOST_CPU = 300
"""Seconds of a processor that one track may cost."""
MOST_MEMORY = 1 << 30
"""Bytes: what runs out of them ends by itself, before the machine ends the whole service."""
HELD = (EntryKind.FRAME, EntryKind.FRAGMENT)
RULES = (EntryKind.START, EntryKind.STOP, EntryKind.CONFIGURATION, EntryKind.CLOCK, EntryKind.TOWERS)


class InForce(msgspec.Struct, frozen=True):
    """What is in force now.

    Attributes:
        configuration: its digest.
        since: offset from which on it is.
        towers: versions of what is known of cells, since when (receive time), oldest first.
    """

    configuration: str
    since: int
    towers: list[tuple[float, str]] = []


class _Seen(NamedTuple):
    """A fix as it was told, the track just after it, and the plane in whose metres that is."""

    fix: Fix
    track: NDArray[np.void]
    plane: LocalPlane


@dataclass(slots=True)
class _Gathered:
    """Observer that keeps the fixes of one person within a stretch, by device and order, as they were last decided."""

    person: str
    since: float
    until: float
    seen: dict[tuple[str, float, int], _Seen] = field(default_factory=dict)

    def __call__(self, context: Context, rows: NDArray[np.int64]) -> None:
        for row in rows.tolist():
            reports, time = context.reports, float(context.reports.time[row])
            if self.since <= time < self.until and context.person(row) == self.person:
                key = (context.device_key(row), float(reports.order[row]), int(reports.tie[row]))
                wearing = int(reports.wearing[row])
                track = context.state.track.records[wearing : wearing + 1].copy()
                self.seen[key] = _Seen(_fix(context, row), track, context.policy.plane)

    def fixes(self) -> Iterator[Fix]:
        """All of them, each where those before it and after it together put it."""
        by_device = groupby(sorted(self.seen.items()), key=lambda one: (one[0][0], one[1].plane))
        for (_, plane), held in by_device:
            seen = [one for _, one in held]
            tracks = smoothed(np.concatenate([one.track for one in seen]))
            places = zip(*plane.inverse(tracks["x"], tracks["y"]), radii(tracks)["r95"], strict=True)
            for one, (latitude, longitude, radius) in zip(seen, places, strict=True):
                place = {"latitude": round(float(latitude), 7), "longitude": round(float(longitude), 7)}
                yield msgspec.structs.replace(one.fix, **place, radius_m=round(float(radius), 1))


def _fix(context: Context, row: int) -> Fix:
    """What was told of a fix when it was decided; where it lies is still to be said."""
    wearing, track = int(context.reports.wearing[row]), context.state.track
    speed = float(np.hypot(track["vx"][wearing], track["vy"][wearing])) * 3.6
    return Fix(
        float(context.reports.time[row]), math.nan, math.nan, math.nan, round(speed, 1), state_of(context, row),
        Source(int(context.reports.source[row])).name.lower(), context.device_key(row),
    )  # fmt: skip


def past_of(journal: Journal, shelf: PolicyShelf, person: str, since: float, until: float, in_force: InForce) -> Past:
    """The track of a person, since <= time < until (UTC epoch seconds), in order of time, however its reports came.

    Places at rest are what all fixes together say of them; what was judged of each stays what it was.

    Args:
        journal: opened read-only.
        shelf: what it was under.
        person: an id of the configuration.
        since: begin.
        until: end.
        in_force: what is so now.

    Raises:
        OurFault: the journal cannot be read.
    """
    gathered = _Gathered(person, since, until)
    late, devices = LateHistory(), set[str]()
    state = EngineState(keeps_fences=False, history=late)
    skipped = np.array(sorted(journal.skipped()), np.int64)
    first = journal.first_since(since - WARM_UP)
    for offset, batch in merged(journal, first, journal.next_offset):
        if len(gathered.seen) >= MOST_FIXES or float(batch.received[0]) > until + LATER:
            break
        if not state.digest:
            _begin(state, shelf, _digest(journal, offset, in_force), float(batch.received[0]))
            state.towers = _towers(journal, offset, float(batch.received[0]), in_force)
            devices |= _devices(shelf(state.digest), person)
        for digest in configured(batch):
            devices |= _devices(shelf(digest), person)
        part = _part(batch, np.isin(offset + np.arange(len(batch)), skipped), devices)
        step(state, part, shelf, gathered, first=state.offset, towers=shelf.towers)
    _settle(state, shelf, gathered)
    unjudged = late.fixes(shelf(state.digest), person, since, until) if state.digest else ()
    fixes = sorted([*gathered.fixes(), *unjudged], key=lambda fix: fix.time)
    return Past(fixes[:MOST_FIXES], cut=len(fixes) > MOST_FIXES)


def _begin(state: EngineState, shelf: PolicyShelf, digest: str, received: float) -> None:
    """Nobody is missed of whom nothing has been read yet: only places are asked for."""
    start(state, received, ENGINE)
    configure(state, shelf(digest), digest, received)


def _settle(state: EngineState, shelf: PolicyShelf, gathered: _Gathered) -> None:
    """Late reports that still wait for others are put in their places among those that came before."""
    if state.digest:
        end = Gathering()
        end.add(EntryKind.TICK, state.now + SETTLED, NO_ORIGIN, b"")
        step(state, end.batch(), shelf, gathered, first=state.offset, towers=shelf.towers)


def _digest(journal: Journal, offset: int, in_force: InForce) -> str:
    """The configuration in force before an entry; where the journal does not reach back to it, the first after it."""
    here = in_force.configuration
    return here if offset >= in_force.since else digest_at(journal, offset) or here


def _towers(journal: Journal, offset: int, received: float, in_force: InForce) -> list[tuple[float, str]]:
    """The versions in force from an entry on, as far as they are known before the journal is read on."""
    if in_force.towers and in_force.towers[0][0] <= received:
        return list(in_force.towers)
    before = towers_before(journal, offset)
    return [(-np.inf, before)] if before else []


def _devices(policy: Policy, person: str) -> set[str]:
    """Devices that have to be looked at together with those of a person."""
    worn = [policy.device_index[device] for device, wearer in policy.wearings if wearer == person]
    groups = policy.group[worn]
    return {policy.devices[index] for index in np.flatnonzero(np.isin(policy.group, groups)).tolist()}


def _part(batch: EntryBatch, skipped: NDArray[np.bool_], devices: set[str]) -> EntryBatch:
    """The entries that move these devices' tracks."""
    mine = np.array([origin.device in devices for origin in batch.origins], np.bool_)
    wanted = (np.isin(batch.kind, HELD) & mine[batch.origin]) | np.isin(batch.kind, RULES)
    at = np.flatnonzero(wanted & ~skipped)
    return EntryBatch(
        batch.kind[at], batch.received[at], batch.origin[at], batch.start[at], batch.length[at], batch.payload,
        batch.origins,
    )  # fmt: skip


def main() -> None:
    """Work out one track behind everybody else's work, within a bound."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    directory, person, since, until, in_force = sys.argv[1:]
    storage = Path(directory).parent
    journal = FileJournal(Path(directory), read_only=True)
    shelf = PolicyShelf(journal, towers=TowerShelf(TowerVersions(storage)))
    past = past_of(journal, shelf, person, float(since), float(until), msgspec.json.decode(in_force, type=InForce))
    sys.stdout.buffer.write(msgspec.json.encode(past))


if __name__ == "__main__":
    main()
