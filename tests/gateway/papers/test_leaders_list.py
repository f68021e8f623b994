"""What a leader sees every morning: closes as nothing of critical alarms, leave entered afterwards, objections."""

from __future__ import annotations

import pytest
from made_episodes import episode
from seen_county import NOW, SINCE, seen, told
from timeline import at

from gateway.papers.leaders_list import HEADINGS, leaders_list
from gateway.words.paper_names import SECTIONS

THREE = at(1, 3)


def closed(kind="strap_cut", outcome="technical", when=THREE, **said):
    return episode(kind, closed=when, outcome=outcome, closed_by="D01", **said)


def test_a_critical_alarm_closed_as_technical_or_false_stands_there_with_who_and_when():
    (line,) = leaders_list(seen(closed()))
    assert told(line)[:2] == ("closed_as_nothing", "P0001")
    assert (line.zh, line.en) == ("表带断开；D01 03:00 办结：设备原因", "strap open; closed 03:00 by D01: technical")


@pytest.mark.parametrize(
    "one",
    [
        closed(outcome="confirmed"), closed("comms_lost"), closed(when=SINCE - 1), closed(when=NOW + 1), episode(),
    ],
)  # fmt: skip
def test_what_was_found_is_mild_was_seen_before_or_is_open_does_not(one):
    assert leaders_list(seen(one)) == []


def test_leave_entered_after_an_alarm_and_what_a_wearer_disputes_are_looked_at_each_for_itself():
    late = closed("curfew_absent", "excused", facts={"leave_late": 1, "leave_from": at(0, 20)}, id="1" * 32)
    disputed = episode("sos", id="2" * 32, disputed=at(1, 2))
    both = closed(id="3" * 32, facts={"leave_late": 1, "leave_from": at(0, 20)}, disputed=at(1, 4))
    found = leaders_list(seen(late, disputed, both))
    assert [(one.section, one.alarm[0]) for one in found] == [
        ("closed_as_nothing", "3"), ("leave_late", "1"), ("leave_late", "3"), ("disputed", "2"), ("disputed", "3"),
    ]  # fmt: skip
    assert len({one.key for one in found}) == len(found)


def test_an_objection_that_was_closed_again_before_is_over():
    assert leaders_list(seen(closed(outcome="confirmed", disputed=SINCE - 1))) == []


def test_each_heading_has_a_name():
    assert set(HEADINGS) <= set(SECTIONS)
