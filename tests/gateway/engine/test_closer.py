"""Closer reports: wished for while evidence leans, of whom the law lets us look at, bounded, and put back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import ABROAD, CAFE, DAY, HOME, MINUTE, RULES, Timeline, at, authority, clock, county, leave, raised

from fencing.verdict import OUT
from gateway.engine.records import Closeness, Command, End, Ended, Wished
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.journal.entries import EntryKind, Gathering
from gateway.settings.model import Assignment, Closer, Commands, Device

NOON, QUARTER = at(0, 13), 15 * MINUTE
CLOSER = Closer(60, 20 * MINUTE, 900, 2, 30)
EDGE = (CAFE[0] + 45.0, CAFE[1])
"""Inside the cafe, and within the error of a fix of its edge."""
ASKED = Wished("B0001", 60, 20 * MINUTE, Closeness.CLOSER)
PUT_BACK = Wished("B0001", 900, DAY, Closeness.USUAL)


def of(closer: Closer | None = CLOSER, **changes: object) -> Timeline:
    return Timeline.of(commands=Commands(closer=closer), **changes)


def wished(told: Timeline) -> list[Wished]:
    """Step what waits; what is wished then."""
    entries, told.waiting = told.waiting.batch(), Gathering()
    stepped = step(told.state, entries, told.policies, first=told.state.offset)
    told._said(stepped)
    return stepped.wishes


def order(told: Timeline, time: float, wish: Wished, identity: str, by: str = "gateway", **values: str) -> None:
    """The COMMAND entry of a wish."""
    said = {"seconds": str(wish.seconds)} | values
    told.control(
        EntryKind.COMMAND, time,
        Command(identity, wish.device, "interval", by, time + wish.expires, said, reason=wish.reason),
    )  # fmt: skip


def result(told: Timeline, time: float, identity: str, end: End = End.DONE) -> None:
    told.control(EntryKind.RESULT, time, Ended(identity, end))


def arrives(told: Timeline, first: float = NOON, place: tuple[float, float] = EDGE, battery: int = 80) -> None:
    """A report each quarter of an hour: two from home, then one from a place."""
    told.stay(HOME, first - 2 * QUARTER, first, QUARTER)
    told.report(first, place, battery=battery)


def in_force(told: Timeline) -> None:
    """Closer reports are asked for at NOON, and taken."""
    arrives(told)
    assert wished(told) == [ASKED]
    order(told, NOON + 1.0, ASKED, "a")
    result(told, NOON + 2.0, "a")
    assert wished(told) == []


def test_the_first_fix_that_leans_asks_for_more():
    told = of()
    arrives(told)
    assert wished(told) == [ASKED]
    assert told.state.watch["verdict"].max() != OUT


@pytest.mark.parametrize(
    "closer",
    [None, replace(CLOSER, battery_percent=90), replace(CLOSER, every_seconds=700), replace(CLOSER, most_a_day=0)],
)
def test_nobody_is_asked_unless_the_county_wants_it(closer):
    told = of(closer)
    arrives(told)
    assert wished(told) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"authorities": (authority("P0001", until=NOON - 1.0), authority("P0002"))},
        {"assignments": (Assignment("B0001", "P0001", at(-30, 0), NOON - 1.0),)},
        {"rules": tuple(rule for name, rule in RULES.items() if name != "cafes")},
    ],
    ids=["no authority", "not worn", "no rule"],
)
def test_nobody_is_asked_whom_the_law_does_not_let_us_look_at(changes):
    told = of(**changes)
    arrives(told)
    assert wished(told) == []


def test_a_phone_and_a_wire_without_the_order_are_never_asked():
    for protocol in ("mlp", "modem"):
        told = of(devices=county().devices | {"B0001": Device("B0001", "jt808", "13900000001", "g10ls")})
        arrives(told)
        told.policy.configuration.devices["B0001"] = replace(
            told.policy.configuration.devices["B0001"], protocol=protocol
        )  # fmt: skip
        assert wished(told) == []


@pytest.mark.parametrize(("leaves", "said"), [((), [ASKED]), ((leave(NOON - 60.0, NOON + DAY),), [])])
def test_leave_lifts_the_duty_to_stay(leaves, said):
    told = of(leave=leaves)
    arrives(told, place=ABROAD)
    assert wished(told) == said


@pytest.mark.parametrize(("hour", "said"), [(13, []), (23, [ASKED])])
def test_home_is_a_duty_in_the_hours_of_the_curfew_alone(hour, said):
    told = of()
    arrives(told, at(0, hour), (500.0, 0.0))
    assert wished(told) == said


def test_who_reports_often_is_not_asked():
    told = of()
    told.stay(HOME, NOON - 10 * MINUTE, NOON, MINUTE)
    told.report(NOON, EDGE)
    assert wished(told) == []


def test_one_report_at_once_does_not_make_a_seldom_reporter_a_frequent_one():
    told = of()
    time = at(0, 23)
    told.stay(HOME, time - 2 * QUARTER, time, QUARTER)
    told.report(time - 20.0)
    told.report(time, (300.0, 0.0))
    assert wished(told) == [ASKED]


def test_a_low_battery_is_spared_and_an_unknown_one_is_not_in_the_way():
    told = of()
    arrives(told, battery=29)
    assert wished(told) == []
    told = of()
    arrives(told, battery=30)
    assert wished(told) == [ASKED]


def test_a_fix_that_comes_late_asks_for_nothing():
    told = of()
    told.stay(HOME, NOON - 2 * QUARTER, NOON, QUARTER)
    told.report(NOON, EDGE, received=NOON + 10 * MINUTE)
    assert wished(told) == []


def test_a_verdict_asks_for_nothing_more():
    told = of()
    arrives(told, place=CAFE)
    told.report(NOON + QUARTER, CAFE)
    assert wished(told) == []
    assert [alarm["kind"] for alarm in raised(told.events)] == ["exclusion_enter"]


def test_what_was_asked_is_asked_once_and_put_back_when_its_time_is_over():
    told = of()
    in_force(told)
    told.stay(EDGE, NOON + MINUTE, NOON + 20 * MINUTE, MINUTE)
    assert wished(told) == []
    told.tick(NOON + 20 * MINUTE + 2.0)
    assert wished(told) == [PUT_BACK]
    order(told, NOON + 20 * MINUTE + 3.0, PUT_BACK, "b")
    assert wished(told) == []
    result(told, NOON + 20 * MINUTE + 4.0, "b")
    told.tick(NOON + 30 * MINUTE)
    assert wished(told) == []
    assert told.state.paces["B0001"].order == ""


def test_between_the_order_and_its_result_nothing_is_wished():
    told = of()
    arrives(told)
    wished(told)
    order(told, NOON + 1.0, ASKED, "a")
    told.report(NOON + QUARTER, EDGE)
    told.tick(NOON + 21 * MINUTE)
    assert wished(told) == []


def test_a_wish_that_an_order_of_the_same_batch_fulfils_is_none():
    told = of()
    arrives(told)
    order(told, NOON + 1.0, ASKED, "a")
    assert wished(told) == []


@pytest.mark.parametrize("end", [End.REFUSED, End.EXPIRED, End.FAILED, End.MALFORMED, End.UNSUPPORTED])
def test_what_was_never_taken_is_not_put_back_but_counts(end):
    told = of(replace(CLOSER, most_a_day=1))
    arrives(told)
    wished(told)
    order(told, NOON + 1.0, ASKED, "a")
    result(told, NOON + 2.0, "a", end)
    told.report(NOON + QUARTER, (CAFE[0] + 50.0, 0.0))
    told.tick(NOON + 30 * MINUTE)
    assert wished(told) == []


@pytest.mark.parametrize("end", [End.NO_ANSWER, End.SENT, End.CANCELLED])
def test_what_may_have_been_taken_is_put_back(end):
    told = of()
    arrives(told)
    wished(told)
    order(told, NOON + 1.0, ASKED, "a")
    result(told, NOON + 2.0, "a", end)
    told.tick(NOON + 21 * MINUTE)
    assert wished(told) == [PUT_BACK]


def test_no_more_than_so_often_in_a_day():
    told = of()
    asked = 0
    for hour in (1, 2, 3, 4, 26):
        time = NOON + hour * 3600.0
        arrives(told, time)
        for wish in wished(told):
            asked += 1
            order(told, time + 1.0, wish, f"a{hour}")
            result(told, time + 2.0, f"a{hour}")
            told.tick(time + 21 * MINUTE)
            (back,) = wished(told)
            order(told, time + 21 * MINUTE + 1.0, back, f"b{hour}")
            result(told, time + 21 * MINUTE + 2.0, f"b{hour}")
        told.stay(HOME, time + 22 * MINUTE, time + 24 * MINUTE, 30.0)
        wished(told)
        if hour == 4:
            assert asked == CLOSER.most_a_day
    assert asked == CLOSER.most_a_day + 1


def test_an_interval_that_is_not_taken_back_is_ordered_again_each_hour_and_given_up_in_the_end():
    told = of()
    in_force(told)
    time = NOON + 21 * MINUTE
    for attempt in range(24):
        told.tick(time)
        assert wished(told) == [PUT_BACK], attempt
        order(told, time, PUT_BACK, f"b{attempt}")
        result(told, time + 300.0, f"b{attempt}", End.NO_ANSWER)
        told.tick(time + 3599.0)
        assert wished(told) == []
        time += 3600.0
    told.tick(time)
    assert wished(told) == []
    assert told.counts["interval_not_put_back"] == 1


def test_an_officers_interval_is_the_usual_one_from_then_on_and_stays():
    told = of()
    in_force(told)
    order(told, NOON + 5 * MINUTE, replace_seconds(300), "c", by="officer 7")
    told.tick(NOON + 21 * MINUTE)
    assert wished(told) == [], "an officer's order is on its way"
    result(told, NOON + 22 * MINUTE, "c")
    told.tick(NOON + 23 * MINUTE)
    assert wished(told) == []
    arrives(told, NOON + 3600.0)
    assert wished(told) == [ASKED]
    order(told, NOON + 3601.0, ASKED, "d")
    result(told, NOON + 3602.0, "d")
    told.tick(NOON + 5000.0)
    assert wished(told) == [replace_seconds(300, Closeness.USUAL)]


def test_an_officers_interval_of_another_state_changes_nothing():
    told = of()
    in_force(told)
    order(told, NOON + 5 * MINUTE, replace_seconds(300), "c", by="officer 7", state="asleep")
    result(told, NOON + 6 * MINUTE, "c")
    told.tick(NOON + 21 * MINUTE)
    assert wished(told) == [PUT_BACK]


def replace_seconds(seconds: int, reason: Closeness = Closeness.CLOSER) -> Wished:
    expires = 900.0 if reason is Closeness.CLOSER else DAY
    return Wished("B0001", seconds, expires, reason)


def test_when_the_wearing_ends_the_interval_is_put_back_at_once():
    ends = NOON + 10 * MINUTE
    told = of(assignments=(Assignment("B0001", "P0001", at(-30, 0), ends),))
    in_force(told)
    told.tick(ends - 1.0)
    assert wished(told) == []
    told.tick(ends + 1.0)
    assert wished(told) == [PUT_BACK]


def test_when_the_county_wants_it_no_more_what_is_in_force_is_put_back_all_the_same():
    told = of()
    in_force(told)
    told.reconfigure(NOON + 5 * MINUTE, digest="d2")
    told.tick(NOON + 21 * MINUTE)
    assert wished(told) == [PUT_BACK]


def test_what_was_asked_outlives_a_snapshot():
    told = of()
    in_force(told)
    told.state = restored(told)
    told.report(NOON + QUARTER, EDGE)
    assert wished(told) == []
    told.tick(NOON + 21 * MINUTE)
    assert wished(told) == [PUT_BACK]


def restored(told: Timeline):
    state = restore(snapshot_of(told.state))
    state.seat(told.policy, told.policy.configuration.digest)
    state.history = told.state.history
    return state


def test_a_step_of_the_clock_moves_what_is_in_force():
    told = of()
    in_force(told)
    told.set_clock(NOON + MINUTE, NOON + MINUTE + 7200.0)
    told.tick(NOON + 2 * MINUTE + 7200.0)
    assert wished(told) == []
    told.tick(NOON + 21 * MINUTE + 7200.0)
    assert wished(told) == [PUT_BACK]


@pytest.mark.parametrize("cut", [1, 2, 3, 5])
def test_how_often_a_device_reports_does_not_hang_on_how_the_log_was_cut(cut):
    told, whole = of(), of()
    for each in (told, whole):
        for time in (0.0, 900.0, 920.0, 1800.0, 1860.0, 2700.0):
            each.report(NOON + time)
            each.report(NOON + time, device="B0002")
    entries = told.waiting.batch()
    step(whole.state, whole.waiting.batch(), whole.policies, first=0)
    for first in range(0, len(entries), cut):
        step(told.state, entries.slice(first, first + cut), told.policies, first=first)
    assert told.state.device["gap"].tolist() == whole.state.device["gap"].tolist()
    assert told.state.device["gap"][0] == 840.0


@pytest.mark.parametrize(
    ("place", "kind", "hour"), [(CAFE, "exclusion_enter", 13), ((500.0, 0.0), "curfew_early_leave", 23)]
)
def test_the_alarm_says_that_closer_reports_were_asked_for(place, kind, hour):
    told, time = of(), at(0, hour)
    arrives(told, time, place)
    assert wished(told) == [ASKED]
    order(told, time + 1.0, ASKED, "a")
    result(told, time + 2.0, "a")
    told.stay(place, time + MINUTE, time + 5 * MINUTE, MINUTE)
    told.run()
    (alarm,) = raised(told.events)
    assert alarm["kind"] == kind
    assert clock(alarm["facts"]["closer_reports"]) == time + 1.0
    assert "was asked at" in alarm["text"]["en"]
    assert "已要求腕带缩短上报间隔" in alarm["text"]["zh"]


def test_an_alarm_without_says_nothing_of_it():
    told = of(None)
    arrives(told, place=CAFE)
    told.report(NOON + QUARTER, CAFE)
    told.run()
    (alarm,) = raised(told.events)
    assert "closer_reports" not in alarm["facts"]
    assert "was asked at" not in alarm["text"]["en"]
