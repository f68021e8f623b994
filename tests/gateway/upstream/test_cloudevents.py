"""CloudEvents 1.0: required attributes, the same bytes each time, opaque people, GeoJSON order."""

from __future__ import annotations

import copy
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_episodes import KNOWN, episode
from met import must_meet
from timeline import Timeline, at

from firmware_sim.firmware.messages import Alarm
from gateway.clock import iso
from gateway.engine.episode import Change, Episode, Note
from gateway.engine.ledger import Outcome
from gateway.upstream.cloudevents import event_of

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
TIMES = ("onset", "ended", "decided", "received", "acknowledged", "closed")


def outcome(change: Change = Change.RAISED, of: Episode | None = None) -> Outcome:
    return Outcome(change, of or episode(**KNOWN), at(0, 22.75), (0, 0, 0.0, "", ""))


def told(of: Outcome) -> dict:
    return json.loads(event_of(of, "450200", "Asia/Shanghai").body)


@pytest.mark.parametrize("change", list(Change))
def test_required_attributes(change):
    event = told(outcome(change))
    assert event["specversion"] == "1.0"
    assert event["id"] == "0" * 32 + ".0"
    assert event["source"] == "/bracelet/450200"
    assert event["type"] == f"bracelet.alarm.{change.value}"
    assert event["datacontenttype"] == "application/json"
    assert MOMENT.fullmatch(event["time"])
    assert all(re.fullmatch("[a-z0-9]+", name) for name in event)


def test_data_holds_what_the_stable_face_promises():
    data = told(outcome())["data"]
    promised = {
        "kind", "severity", "person", "device", "office", "level", "zone", "rule", "basis", "onset", "decided",
        "received", "retrospective", "probability", "position", "text", "journal",
    }  # fmt: skip
    assert promised <= set(data)
    assert set(data["text"]) == {"zh", "en"}
    assert data["journal"] == {"first": 1, "last": 2, "entry": 0}


def test_the_same_outcome_gives_the_same_bytes():
    one = outcome()
    other = copy.deepcopy(one)
    other.episode.facts = dict(reversed(other.episode.facts.items()))
    assert event_of(one, "x", "UTC").body == event_of(other, "x", "UTC").body


def test_revisions_have_ids_of_their_own_and_one_subject():
    later = episode(revision=7)
    event = event_of(outcome(of=later), "x", "UTC")
    assert (event.id, event.alarm) == ("0" * 32 + ".7", "0" * 32)


def test_the_position_is_geojson_longitude_first():
    assert told(outcome())["data"]["position"] == {
        "type": "Point", "coordinates": [109.41, 24.33], "radius95_m": 23.4,
    }  # fmt: skip
    assert told(outcome(of=episode()))["data"]["position"] is None


def test_what_is_not_known_is_null_and_never_empty():
    data = told(outcome(of=episode()))["data"]
    assert [name for name, value in data.items() if value == ""] == []
    assert data["zone"] is data["rule"] is data["probability"] is data["ended"] is None


def test_all_times_are_utc_with_a_mark():
    full = episode(ended=at(0, 23), acknowledged=at(0, 23), closed=at(1, 9), notes=[Note(at(1, 9), "officer 7", "x")])
    full.facts = KNOWN["facts"]  # type: ignore[assignment]
    data = told(outcome(Change.CLOSED, full))["data"]
    facts = [data["facts"][name] for name in ("from", "until", "out_from", "out_until")]
    hours = [moment for pair in data["facts"]["hours"] for moment in pair]
    for moment in [*(data[name] for name in TIMES), *facts, *hours, data["notes"][0]["at"]]:
        assert MOMENT.fullmatch(moment), moment


def test_people_are_opaque_ids():
    timeline = Timeline.of()
    timeline.report(at(0, 13), alarm=Alarm.REMOVAL)
    (event,) = timeline.run()
    assert event["data"]["person"] == "P0001"
    names = {key for key in _keys(event) if "name" in key}
    assert names == {"zone_name"}


def _keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in _keys(each)}
    return {key for each in value for key in _keys(each)} if isinstance(value, list) else set()


@must_meet("a whole second", "a part of one")
@given(st.integers(0, 4_000_000_000_000))
@example(1_770_000_000_000)
@example(1_770_000_000_001)
def test_times_are_exact_to_the_millisecond(met, milliseconds):
    text = iso(milliseconds / 1000)
    assert text is not None
    assert MOMENT.fullmatch(text)
    assert text.endswith(f".{milliseconds % 1000:03d}Z") == (milliseconds % 1000 != 0)
    met["a part of one" if milliseconds % 1000 else "a whole second"] += 1


def test_no_time_is_no_text():
    assert iso(None) is None
