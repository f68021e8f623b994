"""How an alarm is counted: how it ended, when somebody looked, and whether anybody had to."""

from __future__ import annotations

import msgspec
import pytest
from made_episodes import episode
from story_month import ZONE, moment

from gateway.engine import ActLine
from gateway.reports.cases import NOBODY, QUESTIONS, Counting, Sought, case_of, cases_of, share_of
from gateway.reports.period import month_of
from gateway.reports.shares import Share
from gateway.settings.model import Appraisal

AT = moment("2026-11-05 22:10")
NOVEMBER = month_of("2026-11", ZONE)


def alarm(kind: str = "curfew_late", **known):
    return episode(kind, **{"onset": AT - 60, "decided": AT, "office": "SFS-01"} | known)


@pytest.mark.parametrize(
    ("known", "standing", "asks", "tried"),
    [
        ({}, "open", True, None),
        ({"ended": AT + 60}, "open", True, None),
        ({"closed": AT + 60, "outcome": "excused"}, "excused", True, False),
        ({"closed": AT + 60, "outcome": "false"}, "false", True, None),
        ({"closed": AT + 60, "outcome": "technical", "retracted": True}, "retracted", False, None),
        ({"kind": "battery_low"}, "open", False, None),
        ({"kind": "battery_low", "ended": AT + 60}, "own", False, None),
        ({"kind": "battery_low", "closed": AT + 60, "outcome": "confirmed"}, "confirmed", True, False),
    ],
)
def test_how_it_ended_and_whether_somebody_had_to_look(known, standing, asks, tried):
    one = case_of(alarm(**known), ZONE)
    assert (one.standing, one.asks, one.tried, one.hour) == (standing, asks, tried, 22)


@pytest.mark.parametrize("do", ["attempt", "arrived"])
def test_a_call_or_a_visit_before_a_finding_is_work(do):
    one = alarm(closed=AT + 99, outcome="unverifiable", acts=[ActLine(AT + 9, "D01", do, 2)])
    assert case_of(one, ZONE).tried is True


def test_it_was_seen_when_somebody_first_took_or_closed_it_whatever_a_dispute_undid():
    acts = [ActLine(AT + 300, "D01", "acknowledge", 2), ActLine(AT + 600, "D01", "close", 3, outcome="false")]
    again = [*acts, ActLine(AT + 9000, "D01", "dispute", 4), ActLine(AT + 9900, "L01", "close", 5, outcome="excused")]
    one = case_of(alarm(closed=AT + 9900, outcome="excused", disputed=AT + 9000, acts=again), ZONE)
    assert (one.acknowledged_after, one.closed_after, one.standing) == (300.0, 9900.0, "excused")
    older = case_of(alarm(acknowledged=AT + 120, closed=AT + 600, outcome="false"), ZONE)
    assert (older.acknowledged_after, older.cause) == (120.0, "unmarked")
    at_once = case_of(alarm(closed=AT + 60, outcome="false", acts=acts[1:]), ZONE)
    assert at_once.acknowledged_after == 60.0


@pytest.mark.parametrize(
    ("known", "now", "in_time"),
    [
        ({}, AT + 899, None),
        ({}, AT + 901, False),
        ({"acknowledged": AT + 900}, AT + 901, True),
        ({"acknowledged": AT + 901}, AT + 902, False),
        ({"kind": "battery_low"}, AT + 99_999, None),
        ({"retracted": True}, AT + 99_999, None),
    ],
)
def test_in_time_is_said_where_somebody_had_to_and_the_time_is_over(known, now, in_time):
    assert QUESTIONS["acknowledged"](case_of(alarm(**known), ZONE), now, Appraisal()) is in_time


def test_a_close_is_in_time_or_not_yet_due_likewise():
    open_, done = case_of(alarm(), ZONE), case_of(alarm(closed=AT + 3600, outcome="false"), ZONE)
    closed, settings = QUESTIONS["closed"], Appraisal(close_seconds=3600.0)
    assert [closed(open_, AT + at, settings) for at in (10, 3601)] == [None, False]
    assert closed(done, AT + 9999, settings) is True
    assert closed(done, AT + 9999, Appraisal(close_seconds=3599.0)) is False


def test_a_period_has_what_was_raised_in_it_but_no_test_alarm():
    other = {"id": "1" * 32}
    said = [alarm(), alarm("test", **other), alarm(decided=NOVEMBER.until), alarm(decided=NOVEMBER.start - 1)]
    assert [one.episode for one in cases_of(said, NOVEMBER, ZONE)] == [said[0]]


def test_cases_are_found_by_each_word_and_by_all_of_them():
    marked = [ActLine(AT + 60, "D01", "close", 2, outcome="false"), ActLine(AT + 90, "L01", "cause", 3, cause="rule")]
    late = alarm(id="a" * 32, closed=AT + 1200, outcome="false", acts=marked)
    episodes = [
        msgspec.structs.replace(late, acts=[]), alarm("sos", id="b" * 32, office=""),
        alarm(id="c" * 32, closed=AT + 60, outcome="false", acts=marked),
    ]  # fmt: skip
    counting = Counting(tuple(case_of(one, ZONE) for one in episodes), AT + 3600, Appraisal())

    def found(**words: str) -> str:
        return "".join(one.episode.id[0] for one in counting.of(Sought(**words)))

    assert found() == "abc"
    assert found(office="SFS-01") == found(standing="false") == "ac"
    assert found(office=NOBODY) == found(kind="sos") == found(standing="open") == "b"
    assert (found(cause="rule"), found(cause="unmarked"), found(missed="acknowledged")) == ("c", "a", "ab")
    assert (found(missed="contacted"), found(missed="closed"), found(missed="x")) == ("", "", "")
    assert (found(asked="yes"), found(asked="yes", kind="sos")) == ("abc", "b")
    assert (found(hour="22"), found(hour="2"), found(office="SFS-01", kind="sos")) == ("abc", "", "")
    assert Sought.of({"office": " SFS-01 ", "missed": "closed", "month": "x"}).query == "office=SFS-01&missed=closed"


def test_a_share_is_of_what_can_be_said():
    assert share_of([True, False, None, True]) == Share(2, 3)
