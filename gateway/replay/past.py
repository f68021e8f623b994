"""Where a wearer was: a stretch of the fused track, worked out anew from the history, by itself or in a process.

    python -m gateway.replay.past STORAGE PERSON SINCE UNTIL DIGEST

One JSON text on standard output. Nothing but files is read, and none is held: a page may ask in a thread, beside the
gateway that writes them. Read is from a day before SINCE, so that evidence and verdicts have settled, of the devices
that the wearer or a fellow wearer of theirs has worn.
"""

from __future__ import annotations

import os
import resource
import sys
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import msgspec
import numpy as np

from gateway.engine import RADIUS95, Fix, Gap, Past, Told, with_imported
from gateway.engine.fuse import variance_of
from gateway.engine.late import LATEST
from gateway.fusion.radius import radii
from gateway.fusion.smooth import smoothed
from gateway.history.reader import HistoryReader
from gateway.replay.reading import StoredPolicies
from gateway.replay.unjudged import unjudged
from gateway.replay.verdicts import Verdicts
from gateway.replay.walk import walked
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from fencing.plane import LocalPlane
    from gateway.engine import Context, Policies

WARM_UP: Final = 86_400.0
"""Seconds before the stretch from which reports are read."""
GAP: Final = 900.0
"""Seconds between two places beyond which a line from one to the other would be a guess."""
MOST_FIXES = 100_000
MOST_CPU = 300
"""Seconds of a processor that one track may cost."""
MOST_MEMORY = 1 << 30
"""Bytes: what runs out of them ends by itself, before the machine ends the whole service."""
IMPORTED: Final = "imported"
"""What the state of a fix ends with that another system had."""
SOURCES: Final = [source.name.lower() for source in sorted(Source)]


class Reports(Protocol):
    """What a past is made of (:class:`gateway.history.reader.HistoryReader`)."""

    def rows(self, devices: Sequence[str], since: float, until: float) -> NDArray[np.void]:
        """Reports of devices with since <= order <= until, ``history.PAST``."""
        ...

    def epochs(self) -> list[tuple[float, str]]:
        """Since when the zones and rules of which configuration were in force."""
        ...


class _Piece(NamedTuple):
    """Fixes of a stretch: the track just after each, in a plane, and what is said of each."""

    plane: LocalPlane
    device: str
    tracks: NDArray[np.void]
    times: list[float]
    sources: list[int]
    states: list[str]


@dataclass(slots=True)
class _Gathered:
    """What is shown of one person, since <= time < until."""

    person: str
    since: float
    until: float
    verdicts: Verdicts
    pieces: list[_Piece] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    unplaced: list[float] = field(default_factory=list)
    count: int = 0

    def take(self, context: Context, rows: NDArray[np.int64]) -> None:
        """The reports ``rows`` of a stretch that has gone through the passes."""
        fused = context.fused
        if fused is None:
            return
        mine = self._mine(context, fused.rows)
        states = self.verdicts.take(context, fused.rows[mine])
        self._tell(context, rows[self._mine(context, rows)], fused.rows)
        self._place(context, fused.rows[mine], fused.records[mine], states)

    def _mine(self, context: Context, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        policy, reports = context.policy, context.reports
        wearer = np.append(policy.wearing_person, -1)[reports.wearing[rows]]
        time = reports.time[rows]
        found: NDArray[np.bool_] = (wearer == policy.people.index(self.person)) & (time >= self.since)
        return found & (time < self.until)

    def _place(
        self, context: Context, rows: NDArray[np.int64], tracks: NDArray[np.void], states: list[str]
    ) -> None:  # fmt: skip
        """By device, in their order."""
        reports = context.reports
        self.count += len(rows)
        for device in np.unique(reports.device[rows]).tolist():
            at = np.flatnonzero(reports.device[rows] == device)
            self.pieces.append(
                _Piece(
                    context.policy.plane, context.policy.devices[device], tracks[at], reports.time[rows[at]].tolist(),
                    reports.source[rows[at]].tolist(), [states[each] for each in at.tolist()],
                )
            )  # fmt: skip

    def _tell(self, context: Context, rows: NDArray[np.int64], taken: NDArray[np.int64]) -> None:
        """Places as they were told; and when reports came without one."""
        reports = context.reports
        placed = rows[reports.located[rows]]
        self.unplaced += reports.time[rows[~reports.located[rows] & ~reports.bare[rows]]].tolist()
        radius = np.round(RADIUS95 * np.sqrt(variance_of(reports, placed)), 1)
        columns = (
            reports.time[placed], np.round(reports.latitude[placed], 7), np.round(reports.longitude[placed], 7), radius,
            reports.source[placed], reports.device[placed], reports.received[placed], np.isin(placed, taken),
        )  # fmt: skip
        rows_of = zip(*(each.tolist() for each in columns), strict=True)
        for time, north, east, wide, source, device, received, used in rows_of:
            key = context.policy.devices[device]
            self.told.append(Told(time, north, east, wide, SOURCES[source], key, received, used))

    def fixes(self) -> Iterator[Fix]:
        """All of them, each where those before it and after it together put it."""
        by_device = sorted(self.pieces, key=lambda piece: piece.device)
        for (_, plane), held in groupby(by_device, key=lambda piece: (piece.device, piece.plane)):
            yield from _fixes(plane, list(held))


def _fixes(plane: LocalPlane, pieces: Sequence[_Piece]) -> Iterator[Fix]:
    """Of one device."""
    tracks = smoothed(np.concatenate([piece.tracks for piece in pieces]))
    latitude, longitude = plane.inverse(tracks["x"], tracks["y"])
    before = np.concatenate([piece.tracks for piece in pieces])
    speed = np.round(np.hypot(before["vx"], before["vy"]) * 3.6, 1)
    columns = (np.round(latitude, 7), np.round(longitude, 7), np.round(radii(tracks)["r95"], 1), speed)
    said = [
        (time, SOURCES[source], state, piece.device) for piece in pieces
        for time, source, state in zip(piece.times, piece.sources, piece.states, strict=True)
    ]  # fmt: skip
    places = zip(*(each.tolist() for each in columns), strict=True)
    for (time, source, state, device), (north, east, radius, kmh) in zip(said, places, strict=True):
        yield Fix(time, north, east, radius, kmh, state, source, device)


def past_of(
    history: Reports, policies: Policies, person: str, since: float, until: float, in_force: str
) -> Past:  # fmt: skip
    """The track of a person, since <= time < until (UTC epoch seconds), in order of time, however its reports came.

    Places at rest are what all fixes together say of them; what was judged of each is what all reports up to it said.

    Args:
        history: what came.
        policies: the configurations.
        person: an id of the one in force; of anybody else there is nothing.
        since: begin.
        until: end.
        in_force: digest of the configuration that is so now: its wearers and authorities hold, with the zones and rules
            of then.

    Raises:
        TransientFault, OurFault: history or configurations cannot be read.
    """
    now = policies(in_force)
    group = now.groups.of_person.get(person, -1)
    if group < 0:
        return Past([])
    seats = now.groups.seats["levels"].rows(group)
    rows = history.rows(with_imported([now.devices[seat] for seat in seats.tolist()]), since - WARM_UP, until)
    theirs = _imported(rows, [now.devices[seat] for seat in seats.tolist()])
    rows["device"] = seats[rows["device"] % len(seats)]
    outdated = rows["late"] & (rows["received"] - rows["order"] > LATEST)
    gathered = _Gathered(person, since, until, Verdicts(person, since, until))
    for context, taken in walked(rows[~outdated], group, now, policies, history.epochs()):
        gathered.take(context, taken)
        if gathered.count > MOST_FIXES:
            break
    late = [*unjudged(now, rows[outdated], person, since, until)]
    return _assembled(gathered, late, theirs)


def _imported(rows: NDArray[np.void], devices: Sequence[str]) -> set[tuple[str, float]]:
    """Device and time of each report that another system handed over."""
    held = rows[rows["device"] >= len(devices)]
    return {
        (devices[at % len(devices)], time)
        for at, time in zip(held["device"].tolist(), held["time"].tolist(), strict=True)
    }


def _marked(fix: Fix, theirs: set[tuple[str, float]]) -> Fix:
    """A fix of another system says so in its state."""
    if (fix.device, fix.time) not in theirs:
        return fix
    return msgspec.structs.replace(fix, state=f"{fix.state};{IMPORTED}")


def _assembled(gathered: _Gathered, late: list[tuple[Fix, Told]], theirs: set[tuple[str, float]]) -> Past:
    fixes = sorted([*gathered.fixes(), *(fix for fix, _ in late)], key=lambda fix: fix.time)[: MOST_FIXES + 1]
    fixes = [_marked(fix, theirs) for fix in fixes] if theirs else fixes
    told = sorted([*gathered.told, *(one for _, one in late)], key=lambda one: one.time)[:MOST_FIXES]
    cut, fixes = len(fixes) > MOST_FIXES, fixes[:MOST_FIXES]
    return Past(fixes, cut, told, _gaps(fixes, gathered.unplaced), gathered.verdicts.curves())


def _gaps(fixes: Sequence[Fix], unplaced: Sequence[float]) -> list[Gap]:
    """Where a track has no place for longer than GAP."""
    times, without = np.array([fix.time for fix in fixes]), np.sort(np.array(unplaced))
    wide = np.flatnonzero(np.diff(times) > GAP)
    since, until = times[wide], times[wide + 1]
    count = without.searchsorted(until) - without.searchsorted(since, "right")
    return [Gap(*each) for each in zip(since.tolist(), until.tolist(), count.tolist(), strict=True)]


def main() -> None:
    """Work out one track behind everybody else's work, within a bound."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    directory, person, since, until, in_force = sys.argv[1:]
    storage = Path(directory)
    history, policies = HistoryReader(storage / "history"), StoredPolicies(storage / "journal")
    past = past_of(history, policies, person, float(since), float(until), in_force)
    sys.stdout.buffer.write(msgspec.json.encode(Past(past.fixes, past.cut)))


if __name__ == "__main__":
    main()
