"""What the status says of late reports, and of how many notices people got."""

from __future__ import annotations

import dataclasses
import math

import pytest
from made_episodes import episode
from msgspec.structs import replace
from timeline import DAY, HOME, HOUR, MINUTE, Timeline, at

from gateway.daemon.figures import _by_state, _late, _told_of
from gateway.daemon.notices import MOST, Notices
from gateway.engine.state import EngineState
from gateway.listeners.listening import Listening
from gateway.words.phrases import phrase


def test_groups_that_wait_are_shown_with_the_longest_wait_until_they_are_decided():
    told = Timeline.of()
    for minute in range(10):
        told.report(at(0, 13) + minute * MINUTE, HOME)
        told.report(at(0, 13) + minute * MINUTE, (-4000.0, 0.0), device="B0002")
    told.run()
    now = at(0, 13) + 10 * MINUTE
    assert _late(told.state, now) == {"groups": 0, "oldest_seconds": 0.0, "decided_again": 0}
    told.report(at(0, 13) + 4.5 * MINUTE, HOME, received=now)
    told.report(at(0, 13) + 5.5 * MINUTE, (-4000.0, 0.0), received=now + 5.0, device="B0002")
    told.run()
    assert _late(told.state, now + 12.5) == {"groups": 2, "oldest_seconds": 12.5, "decided_again": 0}
    assert _late(told.state, now - HOUR)["oldest_seconds"] == 0.0
    told.tick(now + 10 * MINUTE)
    told.run()
    said = _late(told.state, now + 10 * MINUTE)
    assert (said["groups"], said["oldest_seconds"]) == (0, 0.0)
    assert said["decided_again"] == told.counts["report_decided_again"] >= 20


def test_notices_are_those_of_the_last_day():
    notices = Notices()
    for time in (0.0, HOUR, DAY):
        notices.note("raised", time, episode())
        notices.note("cleared", time, episode())
    notices.note("retracted", 2 * HOUR, episode())
    assert notices.figures(DAY) == {"raised": 2, "retracted": 1}
    assert notices.figures(DAY + 2 * HOUR) == {"raised": 1, "retracted": 0}
    assert notices.figures(math.inf) == {"raised": 0, "retracted": 0}


def test_the_budget_stands_beside_what_was_raised_by_kind_and_rule():
    notices = Notices()
    for time, kind, rule in ((0.0, "curfew_late", "nights"), (HOUR, "comms_lost", ""), (HOUR, "curfew_late", "nights")):
        notices.note("raised", time, episode(kind, rule=rule))
    notices.note("updated", HOUR, episode("curfew_late", rule="nights"))
    notices.note("retracted", HOUR, episode("curfew_late", rule="nights"))
    assert notices.budget(2 * HOUR, 2, 100) == {
        "allowed": 200, "raised": 3, "by_kind": {"curfew_late": 2, "comms_lost": 1}, "by_rule": {"nights": 2},
    }  # fmt: skip
    assert notices.budget(DAY, 1, 144)["by_kind"] == {"comms_lost": 1, "curfew_late": 1}


def test_what_became_of_alarms_is_counted_by_kind_for_as_long_as_we_run():
    notices = Notices()
    assert notices.totals() == {"alarm_changes": {}, "alarm_outcomes": {}}
    for time, change, kind, outcome in (
        (0.0, "raised", "strap_cut", ""), (1.0, "raised", "curfew_late", ""), (2.0, "acknowledged", "strap_cut", ""),
        (3.0, "closed", "strap_cut", "false"), (40 * DAY, "raised", "strap_cut", ""),
        (41 * DAY, "closed", "strap_cut", "confirmed"),
    ):  # fmt: skip
        notices.note(change, time, replace(episode(kind), outcome=outcome))
    assert notices.figures(41 * DAY) == {"raised": 0, "retracted": 0}
    assert notices.totals() == {
        "alarm_changes": {"curfew_late": {"raised": 1}, "strap_cut": {"raised": 2, "acknowledged": 1, "closed": 2}},
        "alarm_outcomes": {"strap_cut": {"false": 1, "confirmed": 1}},
    }


def test_each_device_counts_once_by_how_it_stands():
    told = Timeline.of()
    told.report(at(0, 13), HOME)
    told.run()
    known = told.policy.configuration.devices
    heard = {"heard": 1, "silent": 0, "never_heard": len(known) - 1, "put_away": 0}
    assert _by_state(told.state, known) == heard
    told.state.device["silent"][told.state.device.keys.index("B0001")] = True
    assert _by_state(told.state, known) == heard | {"heard": 0, "silent": 1}
    stored = {**known, "B0001": dataclasses.replace(known["B0001"], put_away=True)}
    assert _by_state(told.state, stored) == heard | {"heard": 0, "put_away": 1}
    assert _by_state(EngineState(), known) == dict.fromkeys(heard, 0)


@pytest.mark.parametrize("count", [MOST, MOST + 50])
def test_a_flood_of_notices_takes_no_more_room(count):
    notices = Notices()
    one = episode()
    for _ in range(count):
        notices.note("raised", 1.0, one)
    assert notices.figures(2.0)["raised"] == MOST


class Way(Listening):
    """A way in that is what a test says."""

    complaint = None

    def __init__(self, trouble="", complaint=None) -> None:
        self.trouble, self.complaint = trouble, complaint

    async def start(self) -> None:
        """Nothing is opened."""


def test_a_listener_says_first_what_keeps_devices_out_and_then_what_is_wrong_all_the_same():
    complaint = phrase("certificate_old", cause="own.pem: damaged")
    assert _told_of(Way()) == "ok"
    assert _told_of(Way("closed", complaint)) == "closed"
    said = _told_of(Way(complaint=complaint))
    assert "own.pem: damaged" in said["en"]
    assert "仍用原来的证书" in said["zh"]
