"""What one shift hands to the next: a line a matter, each under one heading, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_episodes import FACTS, episode
from seen_county import NOW, SINCE, seen, told
from timeline import DAY, at, authority, county, leave, person

from gateway.engine import EngineState
from gateway.engine.act_lines import ActLine, FollowUp
from gateway.engine.pace import spend
from gateway.engine.policy import compile_policy
from gateway.papers.alarm_lines import done
from gateway.papers.hand_over import SECTIONS, hand_over
from gateway.papers.register_lines import endings, leaves, removals
from gateway.papers.running_flat import running_flat
from gateway.settings.absences import Removal, RemovalReason
from gateway.words.paper_names import SECTIONS as HEADINGS

NAME, PLACE = "Zhang San", "cafe 3"


def lines(*episodes, **changes):
    return [told(one) for one in hand_over(seen(*episodes, **changes))]


def act(do, at_, by="D01", **said):
    return ActLine(at_, by, do, 2, **said)


def test_what_nobody_has_closed_comes_first_the_gravest_first_and_what_is_resolved_not_at_all():
    found = lines(
        episode("sos", id="1" * 32, onset=at(1, 3)), episode("comms_lost", id="2" * 32, ended=at(1, 7.2)),
        episode("boundary_near", id="3" * 32, ended=at(1, 1)), episode("curfew_late", id="4" * 32, retracted=True),
    )  # fmt: skip
    assert found == [
        ("unresolved", "P0001", "求助", "emergency button"),
        ("unresolved", "P0001", "失联；07:12 已结束，仍须办结", "silent; ended 07:12, still to be closed"),
    ]


def test_what_was_agreed_stands_with_its_time_and_what_came_of_it():
    met = FollowUp(at(0, 22.75), "home", "D01", checked=at(0, 22.76), verdict="not_met")
    found = hand_over(seen(
        episode("curfew_absent", id="1" * 32, follow_up=met),
        episode(id="2" * 32, follow_up=FollowUp(at(1, 8.5), "visit", "D01"), assigned="S01", owner="D01"),
        episode("comms_lost", id="3" * 32, acts=[act("attempt", at(1, 6), whom="wearer", result="promised")]),
    ))  # fmt: skip
    assert [told(one)[::2] for one in found] == [
        ("agreed", "整夜未见在家；约定时间已到（22:45 到家），判断仍不在家"),
        ("agreed", "表带断开；约定08:30 上门"), ("agreed", "失联"),
    ]  # fmt: skip
    assert [(one.due, one.owner) for one in found] == [(0.0, ""), (at(1, 8.5), "S01"), (0.0, "")]
    assert found[2].last == ("D01 联系本人：已答应", "D01 tried the wearer: promised", at(1, 6))


@pytest.mark.parametrize("kind", ["battery_low", "clock_fault", "position_implausible"])
def test_a_device_that_goes_worse_has_a_heading_of_its_own(kind):
    assert [one[0] for one in lines(episode(kind))] == ["worse"]


def test_what_people_typed_stays_with_the_alarm():
    said = [act("note", at(1, 2), note=f"{NAME} at {PLACE}")]
    open_, closed = episode(acts=said, zone_name=PLACE), episode(id="9" * 32, closed=at(1, 3), acts=said)
    found = hand_over(seen(open_, closed))
    assert [one.last[1] for one in found] == ["D01 noted", "D01 noted"]
    assert not [one for one in found if NAME in repr(one) or PLACE in repr(one)]


def test_only_what_was_closed_within_the_shift_is_done():
    closes = {"before": SINCE - 1, "first": SINCE, "later": at(1, 7.3), "after": NOW + 1}
    episodes = [
        episode("comms_lost", id=name, closed=when, acts=[act("close", when, outcome="technical")])
        for name, when in closes.items()
    ]
    found = done(seen(*episodes))
    assert [one.alarm for one in found] == ["first", "later"]
    assert found[1].last[:2] == ("D01 办结·设备原因", "D01 closed it (technical)")


def test_leave_of_now_and_of_the_next_shift_with_its_end():
    days = (leave(at(-2, 18), at(2, 20)), leave(at(1, 18), at(3, 8)), leave(at(2, 9), at(3, 8)), leave(at(-3, 0), NOW))
    found = leaves(seen(leave=days))
    assert [(one.zh, one.due) for one in found] == [
        ("请假，至 11-04 20:00", at(2, 20)), ("请假，18:00 至 11-05 08:00", at(3, 8))
    ]  # fmt: skip
    returned = replace(days[0], returned=at(1, 7))
    assert leaves(seen(leave=(returned,))) == []


def test_a_bracelet_off_with_leave_has_to_be_back_by_its_end():
    off = Removal("P0002", RemovalReason.HOSPITAL, at(0, 9), at(1, 18), "office B")
    (found,) = removals(seen(removals=(off, replace(off, start=at(1, 9)))))
    assert (told(found)[2:], found.due) == (
        ("腕带经批准取下（住院），至 18:00", "bracelet off with leave (hospital) until 18:00"), at(1, 18)
    )  # fmt: skip


def test_an_authority_of_the_last_week_that_nothing_extends_is_told_once_with_its_alarm():
    until = at(4, 0)
    facts = {**FACTS, "authority_until": until}
    alarm = episode("authority_expiring", person="P0002", facts=facts, owner="D01")
    basis = (authority("P0001", until=at(9, 0)), authority("P0002", until=until))
    (found,) = endings(seen(alarm, authorities=basis))
    assert (found.person, found.zh, found.alarm, found.owner, found.due) == (
        "P0002", "电子定位依据3天后到期（最后一天 2026-11-05）", alarm.id, "D01", until
    )  # fmt: skip
    assert found.en == "authority for the bracelet ends in 3 days (last day 2026-11-05)"
    assert lines(alarm, authorities=basis) == [told(found)]
    extended = (*basis, authority("P0002", start=until, until=at(40, 0)))
    assert endings(seen(authorities=extended)) == []


def test_an_alarm_of_an_end_that_lies_farther_stands_under_the_same_heading():
    alarm = episode("authority_expiring", facts={**FACTS, "authority_until": at(15, 0)})
    assert [one[:2] for one in lines(alarm)] == [("ending", "P0001")]


NIGHT = tuple((at(0, 20 + hour), 100 - 5 * hour) for hour in range(13))
"""Full in the evening, 40 % in the morning: empty at 16:00."""


def told_levels(configuration, *levels, device="B0002"):
    state, policy = EngineState(), compile_policy(configuration)
    state.seat(policy, configuration.digest)
    level = state.levels.open(state.levels.keys.index(device))
    for when, percent in levels:
        spend(level, percent, when)
    return state


def test_a_battery_that_will_be_flat_within_the_shift_by_its_own_pace_is_told_of():
    state = told_levels(county(), *NIGHT)
    (found,) = running_flat(seen(state=state))
    assert (told(found), found.due) == (
        ("worse", "P0002", "按耗电速度，约 16:00 没电", "flat at about 16:00 by its pace"), at(1, 16)
    )  # fmt: skip
    assert running_flat(seen(episode("battery_low", device="B0002"), state=state)) == []
    assert running_flat(seen(state=told_levels(county(), (at(0, 20), 100), (at(1, 8), 90)))) == []
    ended = (authority("P0001"), authority("P0002", until=at(1, 0)))
    assert running_flat(seen(state=state, authorities=ended)) == []


def test_an_office_hands_over_its_own_people_alone():
    people = {"P0001": person("P0001", (0.0, 0.0)), "P0002": replace(person("P0002", (0.0, 0.0)), office="SFS-02")}
    basis = tuple(authority(one, until=NOW + DAY) for one in people)
    off = tuple(Removal(one, RemovalReason.REPAIR, at(0, 9), at(1, 18), "b") for one in people)
    away = (leave(at(0, 0), at(2, 0)), replace(leave(at(0, 0), at(2, 0)), person="P0002"))
    state = told_levels(county(), *NIGHT)
    given = {"people": people, "authorities": basis, "removals": off, "leave": away, "state": state}
    assert {one[1] for one in lines(office="SFS-01", **given)} == {"P0001"}
    assert [one[0] for one in lines(office="SFS-02", **given)] == ["worse", "leave", "removal", "ending"]


def test_every_heading_has_words_and_every_key_is_its_own():
    assert set(SECTIONS) < set(HEADINGS)
    many = [episode(kind, id=f"{number:032d}") for number, kind in enumerate(("sos", "battery_low", "sos"))]
    keys = [one.key for one in hand_over(seen(*many, leave=(leave(at(0, 0), at(2, 0)),)))]
    assert len(keys) == len(set(keys)) == 4
