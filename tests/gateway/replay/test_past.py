"""A stretch of a track out of the history: the same as the whole replay says, of one person, within the stretch."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from lived_history import lived, reader_of
from timeline import CAFE, DAY, HOME, PHONES, RULES, Timeline, at, authority, county, record
from virtual import tell

from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.clock import iso
from gateway.engine import compile_policy
from gateway.history.days import DayHistory
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.replay import past
from gateway.replay.derive import derive
from gateway.replay.past import past_of
from gateway.replay.reading import PolicyShelf, replay
from gateway.replay.track_output import TrackOutput
from gateway.replay.unjudged import LATE


@pytest.fixture(scope="module", params=["handover", "demo"])
def told(request, tmp_path_factory):
    return tell(tmp_path_factory.mktemp("county"), request.param, days=2, devices=14)


@pytest.fixture(scope="module")
def journal(told, tmp_path_factory):
    return FileJournal(told.journaled(tmp_path_factory.mktemp("journal"), 100), read_only=True)


@pytest.fixture(scope="module")
def shelf(journal):
    return PolicyShelf(journal)


@pytest.fixture(scope="module")
def history(journal, shelf, tmp_path_factory):
    return reader_of(journal, shelf, tmp_path_factory.mktemp("past") / "history")


@pytest.fixture(scope="module")
def whole(journal, shelf):
    """Rows of the whole replay's track, by device and time."""
    out = io.StringIO()
    with TrackOutput(out) as track:
        for _ in replay(journal, shelf, observer=track):
            pass
    return {(row["device"], row["time"]): row for row in csv.DictReader(io.StringIO(out.getvalue()))}


def digest(told):
    return told.policy.configuration.digest


def test_from_the_first_entry_on_it_is_what_the_whole_replay_says_fix_for_fix(told, shelf, history, whole):
    """Of everybody: each fix that was taken, and the state of each; smoothed it lies where it could lie before."""
    begin, found, near = float(told.entries.received[0]), 0, 0
    for person in told.policy.people:
        fixes = past_of(history, shelf, person, begin, begin + 3 * DAY, digest(told)).fixes
        found += len(fixes)
        for fix in fixes:
            row = whole[fix.device, iso(fix.time)]
            assert row["state"] == fix.state
            assert float(row["speed_kmh"]) == pytest.approx(fix.speed_kmh, abs=0.051)
            away = np.hypot(float(row["latitude"]) - fix.latitude, float(row["longitude"]) - fix.longitude)
            near += away * 111_000.0 <= float(row["radius95_m"])
            assert fix.radius_m <= float(row["radius95_m"]) + 1.0
    assert found == len(whole) > 400
    assert near > 0.99 * found


def test_a_stretch_is_the_same_as_the_whole_says_of_it(told, shelf, history):
    begin = float(told.entries.received[0])
    for person in told.policy.people[:3]:
        whole = past_of(history, shelf, person, begin, begin + 2 * DAY, digest(told))
        since, until = begin + 1.2 * DAY, begin + 1.5 * DAY
        part = past_of(history, shelf, person, since, until, digest(told))
        expected = [fix for fix in whole.fixes if since <= fix.time < until]
        assert [(fix.time, fix.device, fix.source) for fix in part.fixes] == [
            (fix.time, fix.device, fix.source) for fix in expected
        ]
        alike = sum(one.state == other.state for one, other in zip(part.fixes, expected, strict=True))
        assert alike >= 0.98 * len(expected), "a day before, evidence has settled"
        assert part.told == [one for one in whole.told if since <= one.time < until]


def test_nobody_elses_fixes_come_along(told, shelf, history):
    begin = float(told.entries.received[0])
    worn = {(person, device) for device, person in told.policy.wearings}
    for person in told.policy.people:
        found = past_of(history, shelf, person, begin, begin + DAY, digest(told))
        assert all((person, one.device) in worn for one in (*found.fixes, *found.told))


def test_made_anew_from_the_journal_it_is_the_same(told, journal, shelf, history, tmp_path):
    state, again = lived(journal, shelf, tmp_path / "lived"), DayHistory(tmp_path / "derived")
    derive(again, journal, shelf, replace(state))
    again.close()
    begin = float(told.entries.received[0])
    derived = HistoryReader(tmp_path / "derived")
    assert derived.epochs() == history.epochs()
    for person in told.policy.people[:5]:
        stretch = (person, begin + 0.5 * DAY, begin + 2 * DAY, digest(told))
        assert past_of(derived, shelf, *stretch) == past_of(history, shelf, *stretch)


def test_a_track_has_an_end(told, shelf, history, monkeypatch):
    monkeypatch.setattr(past, "MOST_FIXES", 10)
    begin = float(told.entries.received[0])
    cut = past_of(history, shelf, "P0001", begin, begin + 3 * DAY, digest(told))
    assert (len(cut.fixes), len(cut.told), cut.cut) == (10, 10, True)


def test_an_empty_stretch_is_empty_and_so_is_whoever_nobody_knows(told, shelf, history):
    end = float(told.entries.received[-1])
    assert past_of(history, shelf, "P0001", end + 9e5, end + 1e6, digest(told)) == past.Past([])
    assert past_of(history, shelf, "P9999", 0.0, end, digest(told)) == past.Past([])


def uploaded(directory, entries: list[tuple[float, bytes]], told) -> FileJournal:
    """A journal of frames of B0001 with their receive times, under a county's configuration."""
    journal, origin = FileJournal(directory), Origin("B0001", "l", "p", "jt808", "g10ls")
    gathering = Gathering()
    begin = entries[0][0] - 60.0
    gathering.add(EntryKind.START, begin, Origin(), msgspec.json.encode(Start("test", engine=1)))
    configured = msgspec.json.encode(Configured(digest(told)))
    gathering.add(EntryKind.CONFIGURATION, begin, Origin(), configured)
    for received, frame in entries:
        gathering.add(EntryKind.FRAME, received, origin, frame)
    journal.append(gathering.batch())
    return journal


def frame(serial: int, time: float, metres: float) -> bytes:
    body = record(time, (metres, 0.0), speed_kmh=3.0)
    return build_frame(Message.LOCATION, PHONES["B0001"], serial, body, Edition.Y2013)


@pytest.mark.parametrize("late", [60.0, 2 * DAY, 6 * DAY], ids=["at once", "two days", "six days"])
@pytest.mark.parametrize("order", ["in order", "shuffled", "newest first"])
def test_a_stored_track_has_all_its_places_in_whatever_order_it_comes(tmp_path, order, late):
    """853 fixes of a walk, uploaded at one go, some of them twice."""
    told = Timeline.of()
    times = at(1, 9) + 30.0 * np.arange(853)
    shuffled = np.random.default_rng(3).permutation(853)
    indices = {"in order": np.arange(853), "shuffled": shuffled, "newest first": np.arange(852, -1, -1)}[order]
    sent = [*indices.tolist(), *indices[:50].tolist()]
    received = times[-1] + late + 0.2 * np.arange(len(sent))
    frames = [frame(number, float(times[index]), index * 1.0) for number, index in enumerate(sent)]
    journal = uploaded(tmp_path / "journal", list(zip(received.tolist(), frames, strict=True)), told)
    shelf = PolicyShelf(journal, told.policy)
    history = reader_of(journal, shelf, tmp_path / "history")
    found = past_of(history, shelf, "P0001", at(1, 0), at(2, 0), digest(told)).fixes
    journal.close()
    assert [fix.time for fix in found] == times.tolist()
    east = [told.policy.plane.forward(np.array([fix.latitude]), np.array([fix.longitude]))[0][0] for fix in found]
    assert np.abs(np.array(east) - np.arange(853)).max() < 1.0


def test_what_came_too_late_to_be_judged_is_shown_as_it_was_said(tmp_path):
    """Some live places, then eight days later what was stored before them; a day of it nobody may look at."""
    told = Timeline.of(authorities=(authority("P0001", at(-30, 0), at(1, 10)), authority("P0001", at(2, 0), at(40, 0))))
    live = [(at(3, hour) + 2.0, frame(hour, at(3, hour), 0.0)) for hour in range(3)]
    stored = [(at(11, 0) + hour, frame(9 + hour, at(1, hour), 100.0 * hour)) for hour in range(20)]
    again = [(at(11, 1), frame(90, at(1, 3), 300.0))]
    journal = uploaded(tmp_path / "journal", [*live, *stored, *again], told)
    shelf = PolicyShelf(journal, told.policy)
    history = reader_of(journal, shelf, tmp_path / "history")
    both = past_of(history, shelf, "P0001", at(1, 0), at(4, 0), digest(told))
    found = both.fixes
    assert past_of(history, shelf, "P0002", at(1, 0), at(4, 0), digest(told)).fixes == []
    journal.close()
    assert [(fix.time, fix.state == LATE) for fix in found] == [
        *((at(1, hour), True) for hour in range(10)), *((at(3, hour), False) for hour in range(3)),
    ]  # fmt: skip
    east = [told.policy.plane.forward(np.array([fix.latitude]), np.array([fix.longitude]))[0][0] for fix in found[:10]]
    assert np.abs(np.array(east) - 100.0 * np.arange(10)).max() < 1.0
    assert {(fix.device, fix.source) for fix in found} == {("B0001", "gnss")}
    assert all(10.0 < fix.radius_m < 60.0 for fix in found[:10])
    assert [(one.time, one.used) for one in both.told] == [(fix.time, fix.state != LATE) for fix in found]


class Kept(Timeline):
    """A timeline whose reports go to files; a past is read from them."""

    directory: object

    def seen(self, since: float, until: float, person: str = "P0001") -> past.Past:
        """What is read of a person once all is put down."""
        self.run() if len(self.waiting) else None
        self.state.history.flush(self.state.offset, self.state.epochs)
        shelf = {each.configuration.digest: each for each in (*self.shelf.values(), self.policy)}
        reader = HistoryReader(self.directory)
        return past_of(reader, shelf.__getitem__, person, since, until, digest(self))


def kept(directory, **changes) -> Kept:
    told = Kept(compile_policy(county(**changes)))
    told.directory, told.state.history = directory, DayHistory(directory)
    told.start(at(0, 8))
    return told


def test_a_curve_tells_when_and_on_what_evidence_an_alarm_was_raised_and_ended(tmp_path):
    told = kept(tmp_path)
    told.stay(HOME, at(0, 9), at(0, 12), 60.0)
    told.stay(CAFE, at(0, 12), at(0, 13), 60.0)
    told.stay(HOME, at(0, 13), at(0, 15), 60.0)
    (alarm,) = [event["data"] for event in told.run() if event["type"].endswith("raised")]
    found = told.seen(at(0, 9), at(0, 15))
    curve = next(each for each in found.curves if each.zone == "cafes")
    assert (curve.rule, curve.name, curve.asks, curve.threshold) == ("cafes", "cafes", "keep_out", 0.99)
    assert len(curve.times) == len(curve.breach) == len(found.fixes) == 360
    by_time = dict(zip(curve.times, curve.breach, strict=True))
    words = {word: time for time, word in curve.moments}
    assert by_time[words["inside"]] >= curve.threshold
    assert (alarm["decided"], alarm["probability"]) == (iso(words["inside"]), by_time[words["inside"]])
    assert at(0, 12) < words["inside"] < at(0, 12.2)
    assert at(0, 13) < max(time for time, word in curve.moments if word == "outside") < at(0, 13.2)
    assert max(by_time[time] for time in curve.times if time < at(0, 12)) < 0.5
    assert by_time[curve.times[-1]] < 0.01
    state = {fix.time: fix.state for fix in found.fixes}
    assert state[words["inside"]] == "inside:cafes:cafes"


def test_a_track_is_told_with_its_gaps_and_what_was_not_believed(tmp_path):
    told = kept(tmp_path)
    told.stay(HOME, at(0, 9), at(0, 10), 60.0)
    told.report(at(0, 10), (90_000.0, 0.0))
    told.stay(None, at(0, 10.1), at(0, 10.6), 360.0)
    told.stay(HOME, at(0, 11), at(0, 12), 60.0)
    found = told.seen(at(0, 9), at(0, 12))
    ((since, until, reports),) = map(msgspec.structs.astuple, found.gaps)
    assert (since, until, reports) == (at(0, 10) - 60.0, at(0, 11), 5)
    assert [one.time for one in found.told if not one.used] == [at(0, 10)]
    assert at(0, 10) not in {fix.time for fix in found.fixes}
    one = found.told[0]
    assert (one.source, one.device, one.received) == ("gnss", "B0001", at(0, 9))
    assert one.radius_m > 0.0


def test_zones_and_rules_are_those_of_then_and_wearers_those_of_now(tmp_path):
    """The cafe is barred from noon on; in the evening the other person turns out to have had the bracelet."""
    told = kept(tmp_path, rules=(RULES["stay"],))
    told.stay(CAFE, at(0, 9), at(0, 12), 60.0)
    told.reconfigure(at(0, 12), digest="d2")
    told.stay(CAFE, at(0, 12), at(0, 15), 60.0)
    found = told.seen(at(0, 9), at(0, 15))
    states = {fix.time >= at(0, 12): fix.state for fix in found.fixes}
    assert states == {False: "well", True: "inside:cafes:cafes"}
    assert {one.time >= at(0, 12) for one in found.fixes} == {False, True}
    (curve,) = [each for each in found.curves if each.zone == "cafes"]
    assert min(curve.times) == at(0, 12)
    swapped = tuple(replace(one, person="P0002" if one.person == "P0001" else "P0001") for one in county().assignments)
    told.reconfigure(at(0, 18), digest="d3", assignments=swapped)
    assert told.seen(at(0, 9), at(0, 15)).fixes == []
    assert len(told.seen(at(0, 9), at(0, 15), "P0002").fixes) == 360
