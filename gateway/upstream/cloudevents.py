"""Outcomes as CloudEvents 1.0 JSON: what the city platform receives, and what evidence quotes, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fencing.datum import Datum
from gateway.clock import iso
from gateway.decoded import plain_json
from gateway.engine import PLACES_ERASED, placeless
from gateway.store.state_db import Event
from gateway.words.alarm_text import text_of
from gateway.words.change_texts import ERASED_TEXT

if TYPE_CHECKING:
    from gateway.engine import Episode, Outcome

_ENCODER = msgspec.json.Encoder(order="deterministic")


def event_of(outcome: Outcome, county: str, timezone: str, maps: Datum = Datum.GCJ02) -> Event:
    """The event of an outcome; the same outcome gives the same bytes. ``maps``: datum of coordinates in its text."""
    episode = outcome.episode
    identity = f"{episode.id}.{episode.revision}"
    body = _ENCODER.encode(
        {
            "specversion": "1.0",
            "id": identity,
            "source": f"/bracelet/{county}",
            "type": f"bracelet.alarm.{outcome.change.value}",
            "subject": episode.id,
            "time": iso(outcome.decided),
            "datacontenttype": "application/json",
            "data": _data(episode, outcome, timezone, maps),
        }
    )
    return Event(identity, episode.id, episode.severity, body, episode)


def without_place(body: bytes, time: float) -> bytes:
    """An event as it is kept once its person's places are erased: the same identity, without place and text.

    Args:
        body: as it was made, or as it came out of here.
        time: when they were erased, UTC epoch seconds.
    """
    event = plain_json(body)
    data = event["data"]
    data["position"] = None
    data["facts"] = placeless(data["facts"]) | {PLACES_ERASED: iso(time)}
    data["text"] = {"zh": ERASED_TEXT.zh, "en": ERASED_TEXT.en}
    return _ENCODER.encode(event)


def _data(episode: Episode, outcome: Outcome, timezone: str, maps: Datum) -> dict[str, Any]:
    text = text_of(episode, outcome.change.value, timezone, maps, outcome.decided)
    return {
        "alarm": episode.id, "revision": episode.revision, "kind": episode.kind, "severity": episode.severity,
        "person": episode.person or None, "device": episode.device, "office": episode.office or None,
        "level": episode.level or None, "zone": episode.zone or None, "zone_name": episode.zone_name or None,
        "rule": episode.rule or None, "basis": episode.basis or None, "onset": iso(episode.onset),
        "ended": iso(episode.ended), "decided": iso(episode.decided), "received": iso(episode.received),
        "retrospective": episode.retrospective, "latched": episode.ends == "person",
        "probability": episode.probability, "position": position_of(episode), "facts": facts_of(episode),
        "acknowledged": iso(episode.acknowledged), "acknowledged_by": episode.acknowledged_by or None,
        "closed": iso(episode.closed), "closed_by": episode.closed_by or None, "outcome": episode.outcome or None,
        "verified_by": episode.verified_by or None, "owner": episode.owner or None,
        "disputed": iso(episode.disputed), "assigned": episode.assigned or None,
        "acts": acts_of(episode), "follow_up": follow_up_of(episode),
        "notes": [{"at": iso(note.at), "by": note.by, "text": note.text} for note in episode.notes],
        "text": {"zh": text.zh, "en": text.en},
        "journal": {"first": episode.first_offset, "last": episode.last_offset, "entry": outcome.entry},
    }  # fmt: skip


def position_of(episode: Episode) -> dict[str, Any] | None:
    """A GeoJSON point (WGS-84, longitude first) with its 95 % radius."""
    if episode.latitude is None or episode.longitude is None:
        return None
    point: dict[str, Any] = {"type": "Point", "coordinates": [episode.longitude, episode.latitude]}
    return {**point, "radius95_m": episode.radius_m}


def acts_of(episode: Episode) -> list[dict[str, Any]]:
    """What was done about an alarm, an act each, oldest first: of each act the fields that it has."""
    lines = []
    for act in episode.acts:
        said = {name: value for name, value in msgspec.structs.asdict(act).items() if value}
        lines.append(said | {"at": iso(act.at)} | ({"due": iso(act.due)} if act.due else {}))
    return lines


def follow_up_of(episode: Episode) -> dict[str, Any] | None:
    """What was agreed last, and what came of it."""
    agreed = episode.follow_up
    return None if agreed is None else {
        "at": iso(agreed.at), "expects": agreed.expects, "by": agreed.by, "checked": iso(agreed.checked),
        "verdict": agreed.verdict or None,
    }  # fmt: skip


TIMES = frozenset({
    "from", "until", "out_from", "out_until", "again", "heard", "handed_over", "placed", "last_in", "verify_by",
    "leave_ended", "assigned", "on_leave", "night_over", "taken_away", "corrected", "was_onset", "was_ended",
    "closer_reports", "leave_entered", "leave_from", "leave_until", "rule_over", "zone_over",
    "removal_until", "removal_over", "wearer_told", "escalated",
    "glitch_until", "strap_closed",
    PLACES_ERASED, "lasts_until", "charged", "remind_from", "tell_from", "waited", "charging",
})  # fmt: skip


def facts_of(episode: Episode) -> dict[str, Any]:
    """Facts with their times written out."""
    facts: dict[str, Any] = {}
    for name, value in episode.facts.items():
        if name in TIMES and isinstance(value, int | float):
            facts[name] = iso(float(value))
        elif name == "hours" and isinstance(value, list):
            facts[name] = [[iso(first), iso(last)] for first, last in value]
        else:
            facts[name] = value
    return facts
