"""What state.db keeps once a person's places are erased: alarms, messages, notices, orders, and no byte of a place."""

from __future__ import annotations

import json
from contextlib import closing

import msgspec
import pytest
from made_episodes import KNOWN, episode
from timeline import at

from gateway.engine import (
    Command,
    CommandRecord,
    End,
    Interval,
    Notice,
    NoticeRecord,
    Outcome,
    Presence,
    Topic,
    WatchKind,
)
from gateway.engine.episode import Change
from gateway.engine.notice import about
from gateway.store.state_db import Beside, StateStore
from gateway.upstream.cloudevents import event_of, without_place

HERS = episode("exclusion_enter", **KNOWN, closed=at(1, 0))
OTHERS = msgspec.structs.replace(HERS, id="1" * 32, person="P0002")
SPANS = {"B0001": [(at(0, 0), at(2, 0))]}
TIME = at(5, 0)
PLACES = (b"24.33", b"109.41", b"24.32", b"1240")
"""Coordinates, those of the county's maps, and metres from home."""


def event(alarm):
    return event_of(Outcome(Change.RAISED, alarm, at(0, 23), (1, 1, at(0, 23), "", "")), "demo", "Asia/Shanghai")


def notice(alarm, name):
    said = Notice(name, alarm.id, "D01", at(0, 23), about(alarm, minor=False), topic=Topic.ALARM)
    return NoticeRecord(said, at=at(0, 23))


def order(name, hour):
    command = Command(name, "B0001", "locate", "D01", at(9, 0))
    return CommandRecord(command, at(0, hour), 1, End.DONE, "109.41 24.33", at(0, hour + 1))


def interval(person):
    watch = person, f"nights/{int(WatchKind.BE_THERE)}", "home"
    return Interval(watch, at(0, 22), at(1, 8), Presence.HOME, (1, 1, 0.0))


@pytest.fixture
def store(tmp_path):
    with closing(StateStore(tmp_path / "state.db")) as opened:
        said = [event(HERS), event(OTHERS)]
        orders, notices = [order("c1", 10), order("c2", 60)], [notice(HERS, "n1"), notice(OTHERS, "n2")]
        opened.commit(said, [("city", frozenset())], 9, Beside(orders, [interval("P0001"), interval("P0002")], notices))
        yield opened


def of_others(store):
    return store.events()[1], store.episode(OTHERS.id), store.notices.of_alarm(OTHERS.id), store.command("c2")


def erase(store):
    return store.erase_places("P0001", SPANS, TIME, without_place)


def test_hers_stay_without_a_place_and_those_of_others_are_as_they_were(store):
    others = of_others(store)
    assert store.stored_of("P0001") == {"alarms": 1, "messages": 1, "presence": 1}
    assert erase(store) == {"alarms": 1, "messages": 1}
    assert of_others(store) == others
    hers = store.episode(HERS.id)
    assert (hers.latitude, hers.facts["places_erased"], hers.zone_name) == (None, TIME, "cafe 3")
    assert json.loads(store.events()[0])["data"]["position"] is None
    (told,) = store.notices.of_alarm(HERS.id)
    assert "home_m" not in told.notice.about.facts
    assert (store.command("c1").end, store.command("c1").text) == (End.DONE, "")
    assert store.presence("P0001", at(0, 0), at(2, 0)) == []
    assert len(store.presence("P0002", at(0, 0), at(2, 0))) == 1


def test_no_byte_is_left_in_the_file_or_beside_it_and_again_is_no_error(store, tmp_path):
    store.erase_places("P0002", {}, TIME, without_place)
    assert any(place in content(tmp_path) for place in PLACES)
    erase(store)
    store.erase_places("P0001", {"B0001": [(at(0, 0), at(9, 0))]}, TIME, without_place)
    assert [place for place in PLACES if place in content(tmp_path)] == []
    before = content(tmp_path)
    assert erase(store) == {"alarms": 1, "messages": 1}
    assert len(content(tmp_path)) == len(before)


def content(directory):
    return b"".join(path.read_bytes() for path in sorted(directory.glob("state.db*")) if "shm" not in path.name)


def test_what_a_configured_upstream_still_has_to_get_is_counted(store):
    assert store.owed_of("P0001", ["city", "police"]) == {"city": 1}
    assert store.owed_of("P0001", ["police"]) == {}
    assert store.owed_of("P0009", ["city"]) == {}
