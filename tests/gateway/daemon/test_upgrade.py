"""A new engine takes over in the middle of a county with forty open alarms: no event but those of new rows."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
import timeline
from another_engine import with_constants
from timeline import ABROAD, CAFE, HOME, HOUR, MINUTE, RULES, Timeline, alarm_policies, at, authority, brief, person

from firmware_sim.firmware.messages import Alarm
from gateway.daemon import recovery
from gateway.daemon.recovery import Recovery
from gateway.engine import ENGINE, adopt, snapshot_of
from gateway.engine.step import step
from gateway.errors import UserFault
from gateway.journal import FileJournal
from gateway.journal.controls import Start
from gateway.journal.entries import EntryKind, Gathering
from gateway.replay.reading import PolicyShelf
from gateway.settings.model import Assignment, Device
from gateway.store.state_db import StateStore
from gateway.upstream.cloudevents import event_of

COUNTY = {f"B{number:04d}": f"013900{number:06d}" for number in range(1, 49)}
KEYS = list(COUNTY)
SOS, STRAP, SILENT, GONE, BARRED = (KEYS[first : first + 8] for first in range(0, 40, 8))
WELL = KEYS[40:]
FLAGS = {**dict.fromkeys(SOS, Alarm.SOS), **dict.fromkeys(STRAP, Alarm.REMOVAL)}
PLACES = {**dict.fromkeys(GONE, ABROAD), **dict.fromkeys(BARRED, CAFE)}
NOON, EVENING = at(0, 12), at(0, 14)
NEARER = (9000.0, 0.0)
KINDS = {"sos", "strap_cut", "comms_lost", "inclusion_exit", "exclusion_enter"}


def worn(key: str) -> str:
    return key.replace("B", "P")


@pytest.fixture
def wearers(monkeypatch):
    """What makes 48 wearers of the timelines' county, all under the same rules."""
    monkeypatch.setattr(timeline, "PHONES", COUNTY)
    people = tuple(map(worn, KEYS))
    return {
        "people": {one: person(one, HOME) for one in people},
        "devices": {key: Device(key, "jt808", phone.lstrip("0"), "g10ls") for key, phone in COUNTY.items()},
        "assignments": tuple(Assignment(key, worn(key), at(-30, 0), timeline.FOREVER) for key in KEYS),
        "authorities": tuple(map(authority, people)),
        "rules": (replace(RULES["stay"], people=people), replace(RULES["cafes"], people=people)),
        "alarms": alarm_policies(40 * MINUTE),
    }


def go_on(told: Timeline, start: float, until: float, *, quiet: bool = False, home: bool = False) -> None:
    """Everybody reports each five minutes, as they are; the silent ones keep silent."""
    for minute in range(int((until - start) / MINUTE)):
        for key in KEYS if minute % 5 == 0 else ():
            if key not in SILENT or start < NOON + 10 * MINUTE:
                place = HOME if home else PLACES.get(key, HOME)
                alarm = timeline.QUIET if quiet else FLAGS.get(key, timeline.QUIET)
                told.report(start + minute * MINUTE, place, alarm=alarm, device=key)
        told.tick(start + minute * MINUTE)


class Office:
    """Journal and state.db of a gateway whose versions come and go."""

    def __init__(self, directory, told: Timeline) -> None:
        self.told, self.directory = told, directory
        self.journal, self.store = FileJournal(directory / "journal"), StateStore(directory / "state.db")
        configuration = told.policy.configuration
        self.journal.store_configuration(configuration.digest, configuration.sources)
        self.shelf = PolicyShelf(self.journal, override=told.policy)
        self.state, _ = self.start()

    def start(self):
        """Recover as a daemon does: the state, and what is said of the tail."""
        self.state, tail = Recovery(self.store, self.journal, self.shelf).run()
        self.commit(tail)
        return self.state, tail.outcomes

    def live(self) -> list[dict]:
        """Journal what waits, step and commit it; the events."""
        batch = self.told.waiting.batch()
        self.told.waiting = Gathering()
        first = self.journal.append(batch)
        return self.commit(step(self.state, batch, self.shelf, first=first))

    def commit(self, stepped) -> list[dict]:
        events = [event_of(outcome, "demo", "Asia/Shanghai") for outcome in stepped.outcomes]
        self.store.commit(events, [], self.state.offset)
        return [json.loads(event.body) for event in events]

    def save(self) -> None:
        self.store.save_snapshot(snapshot_of(self.state))

    def upgrade(self, time: float, *, engine: int = ENGINE) -> list[dict]:
        """A gateway of another engine starts: what recovery says, and the first entries."""
        _, outcomes = self.start()
        assert outcomes == []
        self.told.control(EntryKind.START, time, Start("newer", engine=engine))
        return self.live()


def standing(state) -> int:
    """How many conditions hold: of delivery, and of place and device time."""
    return len(state.open) + sum(map(len, state.found.values()))


@pytest.fixture
def office(tmp_path, wearers):
    """An older engine's gateway with 40 open alarms; the last snapshot is of before most of them."""
    told = Timeline.of(NOON, **wearers)
    one = Office(tmp_path, told)
    go_on(told, NOON, NOON + 30 * MINUTE, quiet=True, home=True)
    assert one.live() == []
    one.save()
    go_on(told, NOON + 30 * MINUTE, EVENING)
    for seconds in (90, 60, 30):  # on the way back, and not yet for certain
        told.report(EVENING - seconds, NEARER, device=GONE[0])
    events = one.live()
    assert {event["data"]["kind"] for event in events} == KINDS
    assert standing(one.state) == len(one.store.episodes(unresolved=True)) == 40
    yield one
    one.journal.close()
    one.store.close()


CHANGES = {
    "the same but for its number": ({}, 0),
    "would have raised no alarm of a zone": ({"RAISE_AT": 99.0}, 16),
    "would have ended one already": ({"STEADY": 0.0}, 1),
}
"""What the new engine would do otherwise, and how many conditions it then sees otherwise than was said."""


@pytest.mark.parametrize("saved", [True, False], ids=["stopped in order", "killed"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_is_said_but_of_new_rows(office, monkeypatch, change, saved):
    change, differing = change
    adopted = []
    monkeypatch.setattr(recovery, "adopt", lambda *values: adopted.append(adopt(*values)) or adopted[-1])
    if saved:
        office.save()
    before = {episode.id: episode for episode in office.store.episodes(unresolved=True)}
    with_constants(monkeypatch, **change)
    assert office.upgrade(EVENING + MINUTE) == []
    assert adopted == [0 if saved else differing]
    assert {one.id for one in office.state.episodes.values()} == set(before)
    assert office.state.fence == EVENING + MINUTE
    assert office.state.engine == ENGINE

    go_on(office.told, EVENING + 2 * MINUTE, EVENING + 12 * MINUTE)
    assert office.live() == []

    office.told.report(EVENING + 13 * MINUTE, alarm=Alarm.SOS, device=WELL[0])
    assert brief(office.live()) == [("raised", "sos")]

    for minute in range(14, 44):
        for key in (*SILENT, *GONE, *BARRED):
            office.told.report(EVENING + minute * MINUTE, HOME, device=key)
    ended = office.live()
    assert sorted(brief(ended)) == sorted(
        [("cleared", "comms_lost")] * 8
        + [("cleared", "inclusion_exit")] * 8
        + [("cleared", "exclusion_enter")] * 8
        + [("raised", "mass_outage"), ("updated", "mass_outage")]  # the others have fallen silent, all at once
    )
    of_old = [event["data"]["alarm"] for event in ended if event["data"]["kind"] != "mass_outage"]
    assert set(of_old) <= set(before)


def test_late_rows_of_before_the_fence_are_kept_and_counted_and_say_nothing(office):
    office.save()
    office.upgrade(EVENING + MINUTE)
    before = office.state.offset
    office.told.stored(EVENING + 2 * MINUTE, [timeline.record(NOON + HOUR + n, ABROAD) for n in range(12)], WELL[1])
    assert office.live() == []
    assert office.state.counts["report_before_fence"] == office.state.counts["report_late"] == 12
    (_, kept) = next(office.journal.read(before))
    assert len(kept) == 1


def test_a_second_start_of_the_same_engine_leaves_the_fence_where_it_is(office):
    office.save()
    office.upgrade(EVENING + MINUTE)
    office.upgrade(EVENING + 5 * MINUTE)
    assert office.state.fence == EVENING + MINUTE


def test_what_was_said_survives_a_kill_before_the_first_snapshot_of_the_new_engine(office, monkeypatch):
    with_constants(monkeypatch, RAISE_AT=99.0)
    office.start()
    office.save()  # as the daemon does before the first START of its number
    office.told.control(EntryKind.START, EVENING + MINUTE, Start("newer", engine=ENGINE))
    go_on(office.told, EVENING + 2 * MINUTE, EVENING + 12 * MINUTE)
    assert office.live() == []
    _, outcomes = office.start()
    assert outcomes == []
    assert standing(office.state) == 40


@pytest.mark.parametrize("saved", [True, False], ids=["by the snapshot", "by the journal"])
def test_a_downgrade_is_refused_in_words(office, saved):
    office.told.control(EntryKind.START, EVENING + MINUTE, Start("newer", engine=ENGINE + 1))
    office.live()
    if saved:
        office.save()
    said = len(office.store.events())
    with pytest.raises(UserFault, match=f"engine {ENGINE + 1}, this one is {ENGINE}"):
        office.start()
    assert len(office.store.events()) == said


def test_a_start_that_an_older_version_wrote_names_no_number():
    assert msgspec.json.decode(b'{"version":"0.1.0","lock":"","cpu":""}', type=Start).engine == 0
