"""A stretch of a track out of the journal: the same as the whole replay says, of one person, within the stretch."""

from __future__ import annotations

import csv
import io

import msgspec
import numpy as np
import pytest
from timeline import PHONES, Timeline, at, authority, record
from virtual import tell

from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.clock import iso
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.replay import past
from gateway.replay.past import past_of
from gateway.replay.reading import PolicyShelf, replay
from gateway.replay.track_output import TrackOutput
from gateway.replay.unjudged import LATE


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return tell(tmp_path_factory.mktemp("county"), "handover", days=3)


@pytest.fixture(scope="module")
def journal(told, tmp_path_factory):
    return FileJournal(told.journaled(tmp_path_factory.mktemp("journal"), 100), read_only=True)


@pytest.fixture(scope="module")
def whole(journal):
    """Rows of the whole replay's track."""
    out = io.StringIO()
    with TrackOutput(out) as track:
        for _ in replay(journal, PolicyShelf(journal), observer=track):
            pass
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def person_with_most(told):
    """Whoever wears a bracelet at the end."""
    last = np.array([float(told.entries.received[-1])])
    seats = np.arange(len(told.policy.devices))
    worn = told.policy.wearing_at(seats, np.repeat(last, len(seats)))
    return told.policy.wearings[int(worn[worn >= 0][0])][1]


def in_force(told):
    """What is so from the first entry on."""
    return past.InForce(told.policy.configuration.digest, 0)


def test_a_stretch_is_what_the_whole_replay_says(told, journal, whole):
    person = person_with_most(told)
    devices = {device for device, wearer in told.policy.wearings if wearer == person}
    begin = float(told.entries.received[0])
    since, until = begin + 2 * past.DAY, begin + 2.5 * past.DAY
    found = past_of(journal, PolicyShelf(journal), person, since, until, in_force(told)).fixes
    assert found
    assert {fix.device for fix in found} <= devices
    assert all(since <= fix.time < until for fix in found)
    rows = {(row["device"], row["time"]): row for row in whole}
    surer = 0
    for fix in found:
        row = rows[fix.device, iso(fix.time)]
        near = np.hypot(float(row["latitude"]) - fix.latitude, float(row["longitude"]) - fix.longitude)
        assert near * 111_000.0 <= float(row["radius95_m"]), "smoothed it lies where it could lie before"
        assert fix.radius_m <= float(row["radius95_m"]) + 1.0
        surer += fix.radius_m < float(row["radius95_m"]) - 1.0
    assert surer > 10, "at rest it is better known afterwards"
    alike = sum(rows[fix.device, iso(fix.time)]["state"] == fix.state for fix in found)
    assert alike > 0.98 * len(found)


def test_nobody_elses_fixes_come_along(told, journal):
    begin = float(told.entries.received[0])
    of = {
        person: past_of(journal, PolicyShelf(journal), person, begin, begin + past.DAY, past.InForce("", 10**9)).fixes
        for person in told.policy.people[:3]
    }  # fmt: skip
    worn = {(person, device) for device, person in told.policy.wearings}
    assert all((person, fix.device) in worn for person, fixes in of.items() for fix in fixes)
    assert any(of.values())


def test_the_configuration_of_that_time_is_found_in_the_journal(told, journal):
    begin = float(told.entries.received[0])
    known = in_force(told)
    stretch = (begin + 1.5 * past.DAY, begin + 1.7 * past.DAY)
    asked = past_of(
        journal, PolicyShelf(journal), person_with_most(told), *stretch, past.InForce("of another time", 10**9)
    )
    assert asked == past_of(journal, PolicyShelf(journal), person_with_most(told), *stretch, known)
    assert asked.fixes


def test_a_track_has_an_end(told, journal, monkeypatch):
    monkeypatch.setattr(past, "MOST_FIXES", 10)
    begin = float(told.entries.received[0])
    cut = past_of(journal, PolicyShelf(journal), person_with_most(told), begin, begin + 3 * past.DAY, in_force(told))
    assert (len(cut.fixes), cut.cut) == (10, True)


def uploaded(directory, entries: list[tuple[float, bytes]], told) -> FileJournal:
    """A journal of frames of B0001 with their receive times, under a county's configuration."""
    journal, origin = FileJournal(directory), Origin("B0001", "l", "p", "jt808", "g10ls")
    gathering = Gathering()
    begin = entries[0][0] - 60.0
    gathering.add(EntryKind.START, begin, Origin(), msgspec.json.encode(Start("test", engine=1)))
    configured = msgspec.json.encode(Configured(told.policy.configuration.digest))
    gathering.add(EntryKind.CONFIGURATION, begin, Origin(), configured)
    for received, frame in entries:
        gathering.add(EntryKind.FRAME, received, origin, frame)
    journal.append(gathering.batch())
    return journal


def frame(serial: int, time: float, metres: float) -> bytes:
    body = record(time, (metres, 0.0), speed_kmh=3.0)
    return build_frame(Message.LOCATION, PHONES["B0001"], serial, body, Edition.Y2013)


@pytest.mark.parametrize("late", [60.0, 2 * past.DAY, 6 * past.DAY], ids=["at once", "two days", "six days"])
@pytest.mark.parametrize("order", ["in order", "shuffled", "newest first"])
def test_a_stored_track_has_all_its_places_in_whatever_order_it_comes(tmp_path, order, late, monkeypatch):
    """853 fixes of a walk, uploaded at one go, some of them twice."""
    told = Timeline.of()
    monkeypatch.setattr(PolicyShelf, "__call__", lambda *_: told.policy)
    times = at(1, 9) + 30.0 * np.arange(853)
    shuffled = np.random.default_rng(3).permutation(853)
    indices = {"in order": np.arange(853), "shuffled": shuffled, "newest first": np.arange(852, -1, -1)}[order]
    sent = [*indices.tolist(), *indices[:50].tolist()]
    received = times[-1] + late + 0.2 * np.arange(len(sent))
    frames = [frame(number, float(times[index]), index * 1.0) for number, index in enumerate(sent)]
    journal = uploaded(tmp_path / "journal", list(zip(received.tolist(), frames, strict=True)), told)
    found = past_of(journal, PolicyShelf(journal), "P0001", at(1, 0), at(2, 0), in_force(told)).fixes
    journal.close()
    assert [fix.time for fix in found] == times.tolist()
    east = [told.policy.plane.forward(np.array([fix.latitude]), np.array([fix.longitude]))[0][0] for fix in found]
    assert np.abs(np.array(east) - np.arange(853)).max() < 1.0


def test_what_came_too_late_to_be_judged_is_shown_as_it_was_said(tmp_path, monkeypatch):
    """Some live places, then eight days later what was stored before them; a day of it nobody may look at."""
    told = Timeline.of(authorities=(authority("P0001", at(-30, 0), at(1, 10)), authority("P0001", at(2, 0), at(40, 0))))
    monkeypatch.setattr(PolicyShelf, "__call__", lambda *_: told.policy)
    live = [(at(3, hour) + 2.0, frame(hour, at(3, hour), 0.0)) for hour in range(3)]
    stored = [(at(11, 0) + hour, frame(9 + hour, at(1, hour), 100.0 * hour)) for hour in range(20)]
    again = [(at(11, 1), frame(90, at(1, 3), 300.0))]
    journal = uploaded(tmp_path / "journal", [*live, *stored, *again], told)
    found = past_of(journal, PolicyShelf(journal), "P0001", at(1, 0), at(4, 0), in_force(told)).fixes
    assert past_of(journal, PolicyShelf(journal), "P0002", at(1, 0), at(4, 0), in_force(told)).fixes == []
    journal.close()
    assert [(fix.time, fix.state == LATE) for fix in found] == [
        *((at(1, hour), True) for hour in range(10)), *((at(3, hour), False) for hour in range(3)),
    ]  # fmt: skip
    east = [told.policy.plane.forward(np.array([fix.latitude]), np.array([fix.longitude]))[0][0] for fix in found[:10]]
    assert np.abs(np.array(east) - 100.0 * np.arange(10)).max() < 1.0
    assert {(fix.device, fix.source) for fix in found} == {("B0001", "gnss")}
    assert all(10.0 < fix.radius_m < 60.0 for fix in found[:10])


def test_an_empty_stretch_is_empty(told, journal):
    end = float(told.entries.received[-1])
    assert (
        past_of(journal, PolicyShelf(journal), person_with_most(told), end + 9e5, end + 1e6, in_force(told)).fixes == []
    )
