"""What stands of a rule, a zone or a person's watch that a configuration takes away: it ends then, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deliveries import PHONE
from timeline import (
    ABROAD,
    AWAY,
    CAFE,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    NIGHTS,
    RULES,
    Timeline,
    alarm_policies,
    at,
    authority,
    brief,
    clock,
    county,
    raised,
    zones,
)  # fmt: skip

from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState, seat_of
from gateway.engine.step import step
from gateway.settings.model import Assignment, Authority, AuthorityKind, Device

T = at(0, 16.3)
WITHOUT = {name: tuple(rule for key, rule in RULES.items() if key != name) for name in RULES}
NOBODY = (*WITHOUT["cafes"], replace(RULES["cafes"], people=()))
ELSEWHERE = (*WITHOUT["cafes"], replace(RULES["cafes"], keep_out="square"))
CASES = {
    "a rule": (CAFE, "exclusion_enter", {"rules": WITHOUT["cafes"]}),
    "an area's rule": (ABROAD, "inclusion_exit", {"rules": WITHOUT["stay"]}),
    "a person's watch": (CAFE, "exclusion_enter", {"rules": NOBODY}),
    "a zone and its rule": (
        CAFE, "exclusion_enter", {"rules": WITHOUT["cafes"], "zones": {"square": zones()["square"]}}
    ),
    "another zone instead": (ABROAD, "inclusion_exit", {
        "rules": (*WITHOUT["stay"], replace(RULES["stay"], stay_inside="cafes")),
    }),
    "all of a person": (CAFE, "exclusion_enter", {
        "rules": tuple(replace(rule, people=tuple({"P0002"} & {*rule.people})) for rule in RULES.values()),
        "people": {"P0002": county().people["P0002"]}, "devices": {"B0002": county().devices["B0002"]},
        "assignments": (Assignment("B0002", "P0002", at(-30, 0), FOREVER),), "authorities": (authority("P0002"),),
    }),
}  # fmt: skip
"""What a configuration takes away: where the wearer is, what stands of it, what the configuration has otherwise."""


def standing_at(place: tuple[float, float]) -> Timeline:
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 13), at(0, 14), 5 * MINUTE)
    told.stay(place, at(0, 15), at(0, 16.2), 3 * MINUTE)
    return told


@pytest.mark.parametrize(("place", "kind", "later"), CASES.values(), ids=CASES)
def test_it_ends_when_the_configuration_comes_and_says_by_which_it_was_taken_away(place, kind, later):
    told = standing_at(place)
    told.reconfigure(T, **later, digest="0123456789abcdef")
    events = told.run()
    assert brief(told.events) == [("raised", kind), ("cleared", kind)]
    ended = events[-1]["data"]
    assert clock(ended["ended"]) == clock(ended["facts"]["taken_away"]) == clock(events[-1]["time"]) == T
    assert ended["facts"]["configuration"] == "0123456789ab"
    assert "不再判断 16:18" in ended["text"]["zh"]
    assert "配置（0123456789ab）已不含" in ended["text"]["zh"]
    assert "NO LONGER JUDGED 16:18." in ended["text"]["en"]
    assert "no proof of a return. Still to be closed by a person." in ended["text"]["en"]
    assert "已恢复" not in ended["text"]["zh"]
    assert kind not in {seat_of(one)[0] for held in told.state.found.values() for one in held.values()}
    told.stay(place, T + MINUTE, T + HOUR, 3 * MINUTE, device="B0002")
    assert ("cleared", kind) not in brief(told.run())


def test_what_the_new_rules_still_have_goes_on():
    told = standing_at(CAFE)
    wide = replace(RULES["cafes"], people=("P0001", "P0002"), basis="order 9")
    told.reconfigure(T, rules=(*WITHOUT["cafes"], wide), digest="d2")
    told.stay(CAFE, T, T + HOUR, 3 * MINUTE)
    told.run()
    assert brief(told.events) == [("raised", "exclusion_enter")]


NIGHT = at(0, 23.3)
MOVED = (*WITHOUT["nights"], replace(RULES["nights"], curfew=replace(NIGHTS, zone="square")))


@pytest.mark.parametrize("rules", [WITHOUT["nights"], MOVED], ids=["no curfew", "another place"])
def test_a_night_that_runs_ends_with_its_account(rules):
    told = Timeline.of(at(0, 12))
    told.stay(AWAY, at(0, 20), at(0, 23.2), 5 * MINUTE)
    told.reconfigure(NIGHT, rules=rules, digest="d2")
    told.stay(AWAY, NIGHT + MINUTE, at(1, 9), 10 * MINUTE)
    told.run()
    assert brief(told.events) == [("raised", "curfew_late"), ("cleared", "curfew_late")]
    data = told.events[-1]["data"]
    assert clock(data["ended"]) == NIGHT
    assert data["facts"]["out_seconds"] > HOUR / 2


def test_of_a_curfew_with_another_place_the_night_begins_there():
    told = Timeline.of(at(0, 12))
    told.stay(AWAY, at(0, 20), at(0, 23.2), 5 * MINUTE)
    rules = (*WITHOUT["nights"], replace(RULES["nights"], curfew=replace(NIGHTS, zone="cafes")))
    told.reconfigure(NIGHT, rules=rules, digest="d2")
    told.stay(AWAY, NIGHT + MINUTE, at(1, 0), 5 * MINUTE)
    told.run()
    assert brief(told.events) == [("raised", "curfew_late"), ("cleared", "curfew_late"), ("raised", "curfew_late")]
    assert [data["zone"] for data in raised(told.events)] == ["home:P0001", "cafes"]


def test_a_night_that_was_over_is_the_whole_absence_it_was_and_stays_for_a_person():
    told = Timeline.of(at(0, 12))
    told.stay(AWAY, at(0, 20), at(1, 7.9), 5 * MINUTE)
    told.reconfigure(at(1, 9), rules=WITHOUT["nights"], digest="d2")
    told.run()
    assert brief(told.events) == [("raised", "curfew_late"), ("updated", "curfew_absent")]
    assert told.events[-1]["data"]["ended"] is None


def test_a_wearing_that_was_over_before_ended_then():
    told = Timeline.of(at(0, 12), assignments=(Assignment("B0001", "P0001", at(-30, 0), at(0, 16.25)),))
    told.stay(CAFE, at(0, 15), at(0, 16.25) - 1.0, 3 * MINUTE)
    told.report(at(0, 16.25) - 1.0, CAFE)
    told.reconfigure(at(0, 16.25) + 20.0, rules=WITHOUT["cafes"], digest="d2")
    ended = told.run()[-1]["data"]
    assert clock(ended["ended"]) == clock(ended["facts"]["handed_over"]) == at(0, 16.25)
    assert "taken_away" not in ended["facts"]


def test_what_an_older_version_left_standing_ends_with_the_next_configuration():
    told = standing_at(CAFE)
    told.run()
    told.reconfigure(T, rules=WITHOUT["cafes"], digest="d2")
    (event,) = told.events
    one = next(iter(told.state.episodes.values()))
    kept = restore(snapshot_of(told.state))
    told.run()
    # As that version did: the rows went, the alarm stayed.
    kept.seat(told.policy, "d2")
    kept.offset, told.state = told.state.offset, kept
    told.reconfigure(T + HOUR, rules=WITHOUT["cafes"], digest="d3")
    said = told.run()
    assert brief(said) == [("cleared", "exclusion_enter")]
    assert said[0]["subject"] == event["subject"] == one.id
    assert clock(said[0]["data"]["ended"]) == T + HOUR


def test_the_silence_of_a_device_that_is_no_longer_entered_ends_and_that_of_another_does_not():
    alarms = alarm_policies(silence=HOUR)
    told = Timeline.of(at(0, 12), alarms=alarms)
    for device in ("B0001", "B0002"):
        told.report(at(0, 12.5), HOME, device=device)
    told.tick(at(0, 14))
    told.reconfigure(T, **{**CASES["all of a person"][2], "alarms": alarms}, digest="d2")
    said = told.run()
    assert brief(told.events) == [("raised", "comms_lost")] * 2 + [("cleared", "comms_lost")]
    assert said[0]["data"]["device"] == "B0001"
    assert "已不含该设备" in said[0]["data"]["text"]["zh"]
    assert "has no such device" in said[0]["data"]["text"]["en"]
    assert "仍须办结" in said[0]["data"]["text"]["zh"]


LATE = {
    "the onset": ([(at(0, 14.6 + 0.05 * n), CAFE) for n in range(8)], ["updated"]),
    "nothing new": ([(at(0, 16.21), CAFE)], []),
    "a way home before": ([(at(0, 16.21) + 40.0 * n, HOME) for n in range(7)], ["updated"]),
    "home all the time": ([(at(0, 14.99) + 100.0 * n, HOME) for n in range(44)], None),
    "of after it": ([(T + 5 * MINUTE, CAFE), (T + 6 * MINUTE, CAFE)], []),
}
"""What comes late: reports, and what is said of the alarm that was taken away; None: anything but a raise."""


@pytest.mark.parametrize(("rows", "said"), LATE.values(), ids=LATE)
@pytest.mark.parametrize("through", ["the state", "a snapshot"])
def test_a_past_that_is_decided_anew_neither_brings_it_back_nor_takes_it_back(rows, said, through):
    told = standing_at(CAFE)
    told.reconfigure(T, rules=WITHOUT["cafes"], digest="d2")
    told.stay(CAFE, T + 10 * MINUTE, at(0, 18), 10 * MINUTE)
    told.run()
    if through == "a snapshot":
        history, told.state = told.state.history, restore(snapshot_of(told.state))
        told.state.history = history
    for time, place in rows:
        told.report(time, place, received=at(0, 18))
    told.tick(at(0, 19))
    # Who is at home and in the cafe by turns makes jumps that nobody can make: that is told, too.
    events = [event for event in told.run() if event["data"]["kind"] != "position_implausible"]
    changes = [change for change, _ in brief(events)]
    assert told.counts["report_decided_again"] > 0
    if said is not None:
        assert changes == said
    assert not {"raised", "cleared"} & set(changes)
    data = (events or told.events)[-1]["data"]
    assert ("按后到的数据更正" in data["text"]["zh"]) == (changes == ["updated"])
    assert data["ended"] is not None
    assert clock(data["ended"]) <= T
    assert ("taken_away" in data["facts"]) == (clock(data["ended"]) == T)


@pytest.mark.parametrize("minute", [0, 18])
def test_in_order_and_late_it_comes_out_the_same(minute):
    """On the hour, too: a mark of the very time of the configuration is of before it."""
    came = at(0, 16) + minute * MINUTE
    stories = []
    for delay in (0.0, 2 * HOUR):
        told = Timeline.of(at(0, 12))
        told.stay(HOME, at(0, 13), at(0, 14), 5 * MINUTE)
        rows = [(at(0, 15) + n * 3 * MINUTE, CAFE) for n in range(18)]
        for time, place in [row for row in rows if not delay or row[0] < at(0, 15.2)]:
            told.report(time, place)
        told.reconfigure(came, rules=WITHOUT["cafes"], digest="d2")
        told.report(came + 5 * MINUTE, CAFE)
        for time, place in [row for row in rows if delay and row[0] >= at(0, 15.2)]:
            told.report(time, place, received=time + delay)
        told.tick(at(0, 20))
        told.run()
        stories.append(
            [(one.kind, one.onset, one.ended, one.facts["taken_away"]) for one in told.state.episodes.values()]
        )
    assert stories[0] == stories[1]
    assert len(stories[0]) == 1
    assert stories[0][0][2] == came


def test_the_first_report_after_it_makes_no_mark_of_before_it():
    """The mark of the hour in which it came would lack what was taken away, and late data of that hour need it."""
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 13), at(0, 14), 5 * MINUTE)
    told.stay(CAFE, at(0, 15), at(0, 15.95), 3 * MINUTE)
    told.reconfigure(T, rules=WITHOUT["cafes"], digest="d2")
    told.report(T + 20 * MINUTE, CAFE)
    told.report(T - 5 * MINUTE, CAFE, received=T + 21 * MINUTE)
    told.tick(T + HOUR)
    told.run()
    assert told.counts["report_decided_again"] == 2
    assert brief(told.events) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]


def test_a_mark_of_its_very_time_is_of_before_it():
    told = Timeline.of(at(0, 12))
    told.stay(AWAY, at(0, 20), at(0, 23) - MINUTE, 5 * MINUTE)
    rules = (*WITHOUT["nights"], replace(RULES["nights"], curfew=replace(NIGHTS, zone="cafes")))
    told.reconfigure(at(0, 23), rules=rules, digest="d2")
    told.stay(AWAY, at(0, 23) + 5 * MINUTE, at(1, 0), 5 * MINUTE)
    told.report(at(0, 23) + 2 * MINUTE, AWAY, received=at(1, 0))
    told.tick(at(1, 1))
    told.run()
    assert told.counts["report_decided_again"] > 0
    assert brief(told.events)[:3] == [("raised", "curfew_late"), ("cleared", "curfew_late"), ("raised", "curfew_late")]
    assert {change for change, _ in brief(told.events)[3:]} <= {"updated"}


def test_of_evidence_that_no_alarm_came_of_a_mark_knows_too():
    """What the rules of before had gathered counts for a report of before them that comes late."""
    stories = []
    for late in (False, True):
        told = Timeline.of(at(0, 12))
        told.stay(HOME, at(0, 13), at(0, 15.9), 5 * MINUTE)
        rows = [(at(0, 16) + 90.0 * n, CAFE) for n in range(1, 12)]
        on_time = rows[:3] if late else rows
        for time, place in on_time:
            told.report(time, place)
        told.reconfigure(T, rules=WITHOUT["cafes"], digest="d2")
        told.stay(HOME, at(0, 17.1), at(0, 17.5), 5 * MINUTE)
        for time, place in rows[len(on_time) :]:
            told.report(time, place, received=at(0, 17.6))
        told.tick(at(0, 19))
        told.run()
        stories.append([(one.kind, one.onset, one.ended) for one in told.state.episodes.values()])
    assert stories[0] == stories[1]
    assert [kind for kind, *_ in stories[0]] == ["exclusion_enter"]


@pytest.mark.parametrize("hour", [12.7, 16.1])
def test_a_phone_that_is_no_longer_entered_ends_what_it_said_and_late_data_of_the_bracelet_leave_that(hour):
    phone = Device(PHONE, "mlp", "13800000001", "", carrier="mobile")
    asked = Authority("P0001", AuthorityKind.PHONE_CHECK, None, "notice 7", "head A", at(-31, 0), at(-30, 0), at(55, 0))
    base = county()
    told = Timeline.of(
        at(0, 12), devices={**base.devices, PHONE: phone}, authorities=(*base.authorities, asked),
        assignments=(*base.assignments, Assignment(PHONE, "P0001", at(-30, 0), FOREVER)),
    )  # fmt: skip
    told.stay(HOME, at(0, 12.5), at(0, 13), 5 * MINUTE)
    for minute in range(0, 120, 10):
        told.located(at(0, 13) + minute * MINUTE, (40_000.0, 0.0), at(0, 13) + minute * MINUTE + 2.0)
    told.reconfigure(T, digest="d2")
    told.report(T + HOUR, HOME)
    told.run()
    assert brief(told.events) == [("raised", "region_unauthorised"), ("cleared", "region_unauthorised")]
    told.report(at(0, hour), HOME, received=T + HOUR + 5.0)
    told.tick(T + 2 * HOUR)
    assert told.run() == []
    assert told.counts["report_decided_again"] > 0


def test_cuts_and_snapshots_change_nothing():
    told = standing_at(CAFE)
    told.reconfigure(T, rules=WITHOUT["cafes"], digest="d2")
    told.stay(CAFE, T + MINUTE, T + HOUR, 3 * MINUTE)
    whole = [*told.events, *told.run()]
    assert len(told.events) == len(whole) == 2
    state, said = EngineState(), 0
    for batch in told.stepped:
        for index in range(len(batch)):
            stepped = step(state, batch.slice(index, index + 1), told.policies, first=state.offset)
            said += len(stepped.outcomes)
            history, state = state.history, restore(snapshot_of(state))
            state.history = history
    assert said == 2
