"""What is looked through every day: each alarm once, under what it tells; leave, returns and ends behind them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_episodes import episode
from seen_county import NOW, SINCE, seen, told
from timeline import at, county, leave

from gateway.engine.act_lines import FollowUp
from gateway.kinds import KINDS, TRIALS
from gateway.papers.alarm_lines import ENDS_SOON
from gateway.papers.daily import ASKED, BY_KIND, daily, returns
from gateway.words.paper_names import SECTIONS


def headings(*episodes, **changes):
    return [one.section for one in daily(seen(*episodes, **changes))]


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("repeated_place", "odd_place"), ("comms_lost", "silent"), ("battery_low", "low"),
        ("location_lost", "not_located"), ("clock_fault", "clock"), ("identity_changed", "identity"),
        ("appointment_missed", "overdue"), ("strap_cut", "other"), ("sos", "other"),
    ],
)  # fmt: skip
def test_an_alarm_stands_under_what_it_tells(kind, heading):
    assert headings(episode(kind)) == [heading]


def test_every_kind_stands_under_one_heading_that_has_a_name():
    kinds = [kind for named in BY_KIND.values() for kind in named]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) < set(KINDS)
    for kind in set(KINDS) - {ENDS_SOON} - TRIALS:
        (heading,) = headings(episode(kind))
        assert heading in SECTIONS


@pytest.mark.parametrize(
    ("due", "verdict", "heading"),
    [
        (at(1, 8), "", "overdue"),
        (at(1, 8), "not_met", "overdue"),
        (at(1, 8), "met", "silent"),
        (at(1, 9), "", "silent"),
    ],
)  # fmt: skip
def test_what_was_agreed_and_is_over_comes_under_overdue_until_it_was_met(due, verdict, heading):
    assert headings(episode("comms_lost", follow_up=FollowUp(due, "calls", "D01", verdict=verdict))) == [heading]


def test_what_is_closed_or_taken_back_is_not_on_it():
    assert headings(episode(closed=at(1, 3)), episode("curfew_late", id="2" * 32, retracted=True)) == []


def test_headings_come_in_their_order_and_the_gravest_first_under_each():
    found = headings(
        episode("sos", id="1" * 32), episode("battery_low", id="2" * 32), episode("comms_lost", id="3" * 32),
        episode("repeated_place", id="4" * 32), episode("battery_critical", id="5" * 32),
    )  # fmt: skip
    assert found == ["odd_place", "silent", "low", "low", "other"]


def test_leave_that_is_over_is_asked_about_until_the_return_is_on_record():
    over, back = leave(at(-3, 8), at(0, 22)), replace(leave(at(-3, 8), at(2, 20)), returned=at(1, 7))
    assert [told(one) for one in returns(seen(leave=(over, back)))] == [
        ("return", "P0001", "假期 22:00 已满，未登记返回（销假）", "leave over 22:00, return not on record"),
        ("return", "P0001", "07:00 已返回（销假）", "back 07:00, on record"),
    ]
    long_ago, before = leave(at(-60, 8), NOW - ASKED - 1), replace(over, returned=SINCE - 1)
    assert returns(seen(leave=(long_ago, before))) == []


def test_leave_tonight_removals_and_ends_within_a_week_follow():
    found = daily(seen(leave=(leave(at(0, 8), at(3, 20)),)))
    assert [one.section for one in found] == ["leave"]
    assert [one.due for one in found] == [at(3, 20)]


def test_an_office_sees_its_own_people_alone():
    people = county().people
    people = people | {"P0001": replace(people["P0001"], office="SFS-02")}
    over = leave(at(-3, 8), at(0, 20))
    for office, count in (("SFS-02", 1), ("SFS-01", 0), ("", 1)):
        assert len(returns(seen(office=office, people=people, leave=(over,)))) == count
