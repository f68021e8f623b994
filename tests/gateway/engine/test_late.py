"""Late reports: when they are decided, what that costs, and that no cut and no snapshot in between changes anything."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from deliveries import BEGIN, deliver, held_back, life, repeated
from doings import closing, doing
from timeline import ABROAD, CAFE, DAY, FOREVER, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, record

from gateway.engine.families import FAMILIES
from gateway.engine.late import LATEST, OLD, WAITS, Waiting
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.entries import merge
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from gateway.engine.history import History
    from gateway.engine.shelf import Policies
    from gateway.journal.entries import EntryBatch

NOTICES = {"raised", "updated", "cleared", "retracted"}


@dataclass(frozen=True)
class Log:
    """What was told, as a log."""

    entries: EntryBatch
    policies: Policies

    def bodies(self, state: EngineState, size: int = 0) -> list[bytes]:
        """Event bodies of stepping what follows a state, so many entries at once (0: all)."""
        said, until = [], len(self.entries)
        while state.offset < until:
            part = self.entries.slice(state.offset, min(until, state.offset + (size or until)))
            said += step(state, part, self.policies, first=state.offset).outcomes
        return [event_of(outcome, "demo", "Asia/Shanghai").body for outcome in said]


def logged(told: Timeline) -> Log:
    return Log(merge(told.stepped), told.policies)


EACH_ONE, TWO_OF_ONE = (0, HOUR, 3), (1, FOREVER, 1)
"""Bracelets of a wearer: a life's seed, the silence that is told, and the seed of what is held back."""


@cache
def busy(seed: int, silence: float, chance: int) -> tuple[Log, list[bytes]]:
    """A third comes late, some twice, under two configurations; officers act, and who says nothing is missed.

    The log, and its event bodies stepped at once.
    """
    one = life(seed, 0.75)
    one = replace(one, changes={**one.changes, "alarms": alarm_policies(silence=silence, lasting=silence == HOUR)})
    done: list[str] = []

    def act(told: Timeline, received: float) -> None:
        may = sorted(key for key, each in told.state.episodes.items() if each.closed is None)
        for alarm in may[len(done) % 3 :: 3]:
            is_last = len(done) % 7 == 6
            do, said = ("close", closing(len(done))) if is_last else doing(len(done), received)
            told.act(received, do, alarm, f"{received} {len(done)}", **said)
            done.append(do)

    told = deliver(one, repeated(held_back(one, chance), chance, behind=100), act)
    assert told.timeline.counts["report_late"] > 100
    assert set(told.timeline.acts.values()) == {"done"}
    verdicts = {(event["data"]["follow_up"] or {}).get("verdict") for event in told.events}
    assert verdicts >= {"met", "not_met", "unknown", None}
    kinds = {(event["type"].removeprefix("bracelet.alarm."), event["data"]["kind"]) for event in told.events}
    assert {kind for _, kind in kinds} >= {"inclusion_exit", "exclusion_enter", "battery_low"}
    assert ("raised", "comms_lost") in kinds or silence == FOREVER
    assert {change for change, _ in kinds} == {*NOTICES, "acknowledged", "closed"}
    log = logged(told.timeline)
    return log, log.bodies(EngineState())


@pytest.mark.parametrize(
    ("bracelets", "size"),
    [
        (EACH_ONE, 512), *(pytest.param(EACH_ONE, size, marks=pytest.mark.torture) for size in (1, 7)),
        (TWO_OF_ONE, 7), *(pytest.param(TWO_OF_ONE, size, marks=pytest.mark.torture) for size in (1, 512)),
    ],
)  # fmt: skip
def test_cuts_change_nothing(bracelets, size):
    log, whole = busy(*bracelets)
    assert len(whole) > 40
    assert log.bodies(EngineState(), size) == whole


def small() -> Log:
    """Two hours and what was stored of them: alarms raised, moved, taken back; a strap; acts; a hand-over."""
    told = Timeline.of(BEGIN)
    told.stay(HOME, BEGIN, BEGIN + 20 * MINUTE, 5 * MINUTE)
    told.stay(ABROAD, BEGIN + 20 * MINUTE, BEGIN + 50 * MINUTE, 5 * MINUTE)
    told.stay(HOME, BEGIN + 65 * MINUTE, BEGIN + 90 * MINUTE, 5 * MINUTE)
    for minutes in (27.0, 22.0, 33.0, 52.0, 57.0, 62.0):
        told.report(BEGIN + minutes * MINUTE, HOME, received=BEGIN + 90 * MINUTE + minutes)
    told.stay(CAFE, BEGIN + 95 * MINUTE, BEGIN + 110 * MINUTE, 3 * MINUTE, device="B0001")
    told.tick(BEGIN + 110 * MINUTE)
    for minutes in (96.5, 99.5, 102.5, 105.5):
        told.report(BEGIN + minutes * MINUTE, HOME, received=BEGIN + 110 * MINUTE + minutes)
    told.tick(BEGIN + 120 * MINUTE)
    told.run()
    return logged(told)


@pytest.mark.parametrize("ahead", [False, True])
def test_a_snapshot_at_every_offset_goes_on_to_the_byte(ahead):
    """The history lies beside it: as it was then, or, as after a crash, with what came since."""
    log, state, whole = small(), EngineState(), EngineState()
    said = log.bodies(whole)
    assert {brief_of(body) for body in said} >= {"raised", "cleared", "updated", "retracted"}
    while state.offset < len(log.entries):
        restored = restore(snapshot_of(state))
        restored.history = copy.deepcopy(_history(state, whole, ahead=ahead))
        assert log.bodies(restored) == said[len(said) - _left(log, state) :], state.offset
        step(state, log.entries.slice(state.offset, state.offset + 1), log.policies, first=state.offset)


def _history(state: EngineState, whole: EngineState, *, ahead: bool) -> History:
    return whole.history if ahead else state.history


def _left(log: Log, state: EngineState) -> int:
    return len(log.bodies(copy.deepcopy(state)))


def brief_of(body: bytes) -> str:
    return body.decode().split("bracelet.alarm.", 1)[1].split('"', 1)[0]


def test_late_reports_wait_for_others_of_their_upload_and_no_longer_than_a_bound():
    (quiet, most), (old_quiet, old_most) = WAITS
    recent = Waiting(100.0, 1000.0)
    recent.add(990.0, 1000.0)
    assert recent.due == 1000.0 + quiet
    recent.add(900.0, 1000.0 + most - 1.0)
    assert (recent.due, recent.since, recent.rows) == (1000.0 + most, 100.0, 2)
    old = Waiting(0.0, 10_000.0)
    old.add(10_000.0 - OLD - 1.0, 10_000.0)
    assert old.due == 10_000.0 + old_quiet
    old.add(10_001.0 - OLD, 10_001.0)
    assert old.due == 10_001.0 + quiet
    for received in (10_050.0, 10_100.0, 10_150.0):
        old.add(0.0, received)
    assert old.due == 10_001.0 + quiet
    assert old_most > most


def test_a_clock_that_is_set_moves_what_waits():
    waiting = Waiting(20.0, 900.0, (900.0, 1010.0), (800.0, 990.0), 5)
    due = waiting.due
    waiting.shift(-300.0)
    assert (waiting.due, waiting.came) == (due - 300.0, 600.0)


@pytest.mark.parametrize(("age", "decided"), [(LATEST - MINUTE, True), (LATEST + HOUR, False)])
def test_what_is_older_than_a_week_decides_nothing(age, decided):
    now = at(9, 12)
    told = Timeline.of(now - 8 * DAY)
    told.stay(HOME, now - 8 * DAY, now, 2 * HOUR)
    for step_ in range(3):
        told.report(now - age + 5 * MINUTE * step_, CAFE, received=now + 1.0)
    told.tick(now + HOUR)
    assert (brief(told.run()) != []) == decided
    assert (told.counts.get("report_too_late", 0) == 3) == (not decided)


def day_of_comings_and_goings() -> list[bytes]:
    """1,440 records, oldest first."""
    places = (HOME, CAFE, HOME, ABROAD, HOME, CAFE, HOME, ABROAD, HOME)
    return [record(at(0, 12) + minute * MINUTE, places[minute // 20 % len(places)]) for minute in range(1440)]


@pytest.mark.parametrize("between", [2.0, 15.0, 45.0])
def test_a_day_newest_first_makes_few_notices(between):
    told = Timeline.of(at(0, 12))
    told.report(at(0, 12) - MINUTE, HOME, received=at(0, 12))
    rows, received = day_of_comings_and_goings(), at(1, 12)
    for last in range(len(rows), 0, -20):
        received += between
        told.stored(received, rows[max(0, last - 20) : last])
    told.tick(received + HOUR)
    events = [event for event in told.run() if event["data"]["kind"] in FAMILIES]
    episodes = {event["data"]["alarm"] for event in events}
    assert len(episodes) > 25
    assert sum(change in NOTICES for change, _ in brief(events)) <= 3 * len(episodes)


@pytest.mark.parametrize("order", ["oldest first", "newest first"])
@pytest.mark.parametrize("count", [100, 400, 1600])
def test_one_upload_is_decided_about_once(count, order):
    """``window``: what is decided again because it came since the mark, and is not late."""
    told, begin = Timeline.of(at(0, 12)), at(1, 12)
    told.stay(HOME, at(0, 12), begin, 10 * MINUTE)
    end = begin + count * MINUTE
    told.report(end, HOME)
    rows = [record(begin + minute * MINUTE, (HOME, CAFE)[minute // 20 % 2]) for minute in range(count)]
    rows = rows if order == "oldest first" else rows[::-1]
    for first in range(0, count, 12):
        told.stored(end + 10.0 + first / 12, rows[first : first + 12])
    told.stay(HOME, end + MINUTE, end + 30 * MINUTE, MINUTE)
    told.run()
    late, window = told.counts["report_late"], 12 * 6 + 30
    assert late >= count - 1
    assert late <= told.counts["report_decided_again"] <= 3 * (late + window)
    assert told.state.waiting == {}


def test_an_upload_that_takes_an_hour_is_no_square_either():
    told = {}
    for count in (200, 800):
        one = Timeline.of(at(0, 12))
        one.stay(HOME, at(0, 12), at(1, 12), 10 * MINUTE)
        end = at(1, 12) + count * MINUTE
        one.report(end, HOME)
        for minute in range(count - 1, 0, -1):
            place = (HOME, CAFE)[minute // 20 % 2]
            one.report(at(1, 12) + minute * MINUTE, place, received=end + 10.0 + (count - minute) * 5.0)
        one.tick(end + 10.0 + count * 5.0 + HOUR)
        one.run()
        told[count] = one.counts["report_decided_again"]
    assert told[800] <= 16 * told[200]


def test_one_group_is_decided_when_it_is_due_and_another_goes_on_meanwhile():
    told = Timeline.of(at(0, 12))
    for begin, until in ((12, 12.5), (13, 13.6)):
        told.stay(HOME, at(0, begin), at(0, until), 5 * MINUTE)
    told.stay(HOME, at(0, 12), at(0, 13), 5 * MINUTE, device="B0002")
    told.stay(ABROAD, at(0, 13), at(0, 13.6), 5 * MINUTE, device="B0002")
    for minutes in (35.0, 40.0, 45.0, 50.0):
        told.report(at(0, 12) + minutes * MINUTE, ABROAD, received=at(0, 13.6))
    told.stay(ABROAD, at(0, 13.6) + 10.0, at(0, 13.7), MINUTE, device="B0002")
    told.tick(at(0, 14))
    events = told.run()
    mine = [event["data"] for event in events if event["data"]["person"] == "P0001"]
    assert [data["retrospective"] for data in mine] == [True, True]
    assert {clock(data["decided"]) for data in mine} == {at(0, 13.6) + WAITS[0][0]}
    assert not any(event["data"]["retrospective"] for event in events if event["data"]["person"] == "P0002")
