"""A person's whole record over a time: the fused track, what was told, alarms, presence, wearings, authorities."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from gateway.clock import iso
from gateway.evidence.others import Others
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.replay.past import past_of
from gateway.replay.reading import StoredPolicies, digest_at
from gateway.store.state_db import StateStore
from gateway.words.alarm_text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    """

    person: str
    since: float
    until: float
    policy: Policy
    fixes: list[Fix]
    told: list[Told]
    presence: list[Stretch]
    alarms: list[Episode]


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
        alarms = [others.masked(one) for one in store.episodes_of(person) if since <= one.onset < until]
    return Record(
        person, since, until, policy, [fix for past in pasts for fix in past.fixes],
        [told for past in pasts for told in past.told], presence, alarms,
    )  # fmt: skip


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
