"""A person's whole record over a time: the fused track, what was told, alarms, presence, wearings, authorities."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from gateway.clock import iso
from gateway.engine import picked, with_imported
from gateway.evidence.others import Others
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.replay.imported_nights import imported_nights
from gateway.replay.past import past_of
from gateway.replay.reading import StoredPolicies, digest_at
from gateway.store.state_db import StateStore
from gateway.words.alarm_text import text_of
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from gateway.engine import Episode, Fix, Policy, Told
    from gateway.store.presence import Stretch

PIECE: Final = 7 * 86_400.0
"""Seconds of the past that are worked out at once."""
DATUM: Final = "WGS-84"


@dataclass(frozen=True, slots=True)
class Record:
    """What there is of one person, since <= t < until (device time, UTC epoch seconds).

    Attributes:
        policy: the configuration in force now.
        fixes: the fused track; ``told``: places as reports told them, by themselves.
        alarms: that began in this time; in their texts other people stand as SOMEBODY.
        reports: what devices told of places, ``PAST``, in their order; devices by their index in ``policy``.
    """

    person: str
    since: float
    until: float
    policy: Policy
    fixes: list[Fix]
    told: list[Told]
    presence: list[Stretch]
    alarms: list[Episode]
    reports: NDArray[np.void]


def record_of(storage: Path, person: str, since: float, until: float) -> Record:
    """Gather a record, reading alone: a gateway may write beside it.

    Raises:
        TransientFault, OurFault: something cannot be read.
    """
    policies, history = StoredPolicies(storage / "journal"), HistoryReader(storage / "history")
    with closing(FileJournal(storage / "journal", read_only=True)) as journal:
        digest = digest_at(journal, journal.next_offset)
    policy = policies(digest)
    pasts = [past_of(history, policies, person, *piece, digest) for piece in pieces(since, until)]
    others = Others.of(policy, person)
    with closing(StateStore(storage / "state.db", read_only=True)) as store:
        presence = store.presence(person, since, until)
        presence += imported_nights(history, policies, person, worn_by(policy, person), since, until, digest)
        alarms = [others.masked(one) for one in store.episodes_of(person) if since <= one.onset < until]
    return Record(
        person, since, until, policy, [fix for past in pasts for fix in past.fixes],
        [told for past in pasts for told in past.told], presence, alarms,
        _reports(history, policy, person, since, until),
    )  # fmt: skip


def worn_by(policy: Policy, person: str) -> list[str]:
    """The devices that somebody has ever worn."""
    return sorted({one.device for one in policy.configuration.assignments if one.person == person})


def pieces(since: float, until: float) -> Iterator[tuple[float, float]]:
    """A time in stretches of PIECE seconds at most."""
    while since < until:
        yield since, min(since + PIECE, until)
        since += PIECE


def json_of(one: Record, mark: str) -> str:
    """All of a record as one JSON text; times are ISO 8601 UTC, places WGS-84 degrees, radii hold 95 % in metres."""
    known = one.policy.configuration
    said = {
        "mark": mark, "person": one.person, "datum": DATUM, "since": iso(one.since), "until": iso(one.until),
        "wearings": [
            {"device": each.device, "from": iso(each.start), "until": _end(each.until)}
            for each in known.assignments if each.person == one.person
        ],
        "authorities": [
            {"kind": str(each.kind), "ground": str(each.ground), "document": each.document, "from": iso(each.start),
             "until": _end(each.until)}
            for each in known.authorities if each.person == one.person
        ],
        "alarms": [_alarm(each, one.policy) for each in one.alarms],
        "presence": [
            {"rule": each.rule, "zone": each.zone, "from": iso(each.since), "until": iso(each.until),
             "state": each.state}
            for each in one.presence
        ],
        "fixes": [
            {"time": iso(fix.time), "device": fix.device, "latitude": fix.latitude, "longitude": fix.longitude,
             "radius95_m": fix.radius_m, "speed_kmh": fix.speed_kmh, "state": fix.state, "source": fix.source}
            for fix in one.fixes
        ],
        "told": [{**msgspec.structs.asdict(each), "time": iso(each.time), "received": iso(each.received)}
                 for each in one.told],
    }  # fmt: skip
    return msgspec.json.encode(said).decode() + "\n"


MEASURES: Final = ("latitude", "longitude", "accuracy_m", "speed_kmh")
FIXES: Final = ("device", "time", "received_at", "source", *MEASURES, "satellites")
"""Columns of the fixes CSV that a record has."""


def fixes_of(one: Record, mark: str) -> str:
    """What devices reported of a person as the fixes CSV, which another county can import; numbers read back the same.

    ``mark``: stands in the first line, who took it along and what for.
    """
    out = io.StringIO()
    out.write(f"# {mark}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIXES)
    devices = one.policy.devices
    writer.writerows(_fix(row, devices[int(row["device"])]) for row in one.reports)
    return out.getvalue()


def _fix(row: np.void, device: str) -> tuple[str, ...]:
    place = [float(row[name]) if row["located"] else np.nan for name in MEASURES]
    source, satellites = Source(int(row["source"])) if row["located"] else Source.GNSS, int(row["satellites"])
    return (
        device, repr(float(row["time"])), repr(float(row["received"])), source.name.lower(),
        *("" if np.isnan(each) else repr(each) for each in place), "" if satellites < 0 else str(satellites),
    )  # fmt: skip


def _reports(history: HistoryReader, policy: Policy, person: str, since: float, until: float) -> NDArray[np.void]:
    """What was reported of a person, since <= time < until, where the law let it be kept; devices by their index."""
    devices = [device for device in worn_by(policy, person) if device in policy.device_index]
    rows = history.rows(with_imported(devices), since, float(np.nextafter(until, since)))
    if not len(rows):
        return rows
    seat = np.array([policy.device_index[device] for device in devices], np.int64)[rows["device"] % len(devices)]
    time = rows["time"].copy()
    wearing = policy.wearing_at(seat, time)
    wearer = np.append(policy.wearing_person, -1)[wearing]
    rows["device"] = seat
    mine = policy.lawful(wearing, time) & (wearer == policy.people.index(person))
    return picked(rows, mine & ~rows["bare"] & ~rows["clock_fault"])


def _end(time: float) -> str | None:
    return iso(time) if np.isfinite(time) else None


def _alarm(one: Episode, policy: Policy) -> dict[str, Any]:
    county = policy.configuration.county
    text = text_of(one, "", county.timezone, county.maps)
    return {
        "alarm": one.id, "kind": one.kind, "severity": one.severity, "rule": one.rule, "basis": one.basis,
        "zone": one.zone_name, "onset": iso(one.onset), "decided": iso(one.decided), "ended": iso(one.ended),
        "outcome": one.outcome, "retracted": one.retracted, "text": {"zh": text.zh, "en": text.en},
        "acts": [{**msgspec.structs.asdict(act), "at": iso(act.at)} for act in one.acts],
    }  # fmt: skip
