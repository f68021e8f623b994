"""Who is to be home soon and is far away is reminded, once a night, and nobody else."""

from __future__ import annotations

import pytest
from timeline import AWAY, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, authority, leave

from gateway.engine.notice import WEARER, NoticeState, Topic
from gateway.engine.reminders import curfews_of, reminders_due
from gateway.journal.controls import Reminder
from gateway.journal.entries import EntryKind
from gateway.settings.alarm_policy import AlarmPolicy, Modem, Notices
from gateway.words.sms_text import sms_of

TEN, SEEN = at(0, 22), at(0, 21.6)
WANTED = {
    "notices": Notices(Modem("/dev/ttyUSB2", 9600)),
    "alarms": alarm_policies() | {"curfew_late": AlarmPolicy("serious", (WEARER,))},
}


def evening(place=AWAY, until=SEEN, **changes: object) -> Timeline:
    told = Timeline.of(**(WANTED | changes))
    told.stay(place, at(0, 20), until, 5 * MINUTE)
    told.run()
    return told


def due(told: Timeline, now: float) -> list[Reminder]:
    return list(reminders_due(told.state, told.policy, now, range(curfews_of(told.policy))))


def test_half_an_hour_before_the_curfew_whoever_is_far_from_home_is_due():
    told = evening()
    assert due(told, TEN - 30 * MINUTE - 1.0) == []
    (one,) = due(told, TEN - 30 * MINUTE)
    assert (one.person, one.device, one.rule, one.start) == ("P0001", "B0001", "nights", TEN)
    assert one.home_m == pytest.approx(2121 - 80, abs=60)
    assert due(told, TEN) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"place": HOME},
        {"until": at(0, 20.9)},
        {"notices": None},
        {"alarms": alarm_policies()},
        {"leave": (leave(at(0, 12), at(1, 12)),)},
        {"authorities": (authority("P0001", until=TEN - MINUTE), authority("P0002"))},
        {"assignments": ()},
    ],
)
def test_nobody_else_is(changes):
    assert due(evening(**changes), TEN - 20 * MINUTE) == []


def test_whom_the_log_says_is_reminded_once_a_night_in_words_of_courtesy():
    told = evening()
    (one,) = due(told, TEN - 20 * MINUTE)
    for later in (0.0, 60.0):
        told.control(EntryKind.REMINDER, TEN - 20 * MINUTE + later, one)
    told.run()
    (record,) = told.state.notices.values()
    assert (record.notice.to, record.notice.alarm, record.notice.topic) == (WEARER, "", Topic.REMINDER)
    assert record.state is NoticeState.OWED
    assert due(told, TEN - 15 * MINUTE) == []
    text = sms_of(record.notice, "zh", "Asia/Shanghai", TEN)
    assert text == "您好，按约定您应在22:00前到家，现在距家约2.0公里。请留出路上的时间。谢谢配合。"
    assert "home by 22:00 and are about 2.0 km away" in sms_of(record.notice, "en", "Asia/Shanghai", TEN)
    told.stay(AWAY, TEN + 22 * HOUR, TEN + 23.6 * HOUR, 5 * MINUTE)
    told.run()
    assert [each.start for each in due(told, TEN + 23.6 * HOUR)] == [TEN + 24 * HOUR]


def test_what_is_no_person_of_the_county_any_more_is_reminded_of_nothing():
    told = evening()
    told.control(EntryKind.REMINDER, TEN - MINUTE, Reminder("P0009", "B0001", "nights", TEN, 2000.0))
    told.run()
    assert told.state.notices == {}


def test_its_result_stands_in_no_alarm():
    told = evening()
    (one,) = due(told, TEN - 20 * MINUTE)
    told.control(EntryKind.REMINDER, TEN - 20 * MINUTE, one)
    told.run()
    from gateway.journal.controls import NoticeTold  # noqa: PLC0415  this test alone

    (identity,) = told.state.notices
    told.control(EntryKind.NOTICE, TEN - 19 * MINUTE, NoticeTold(identity, "delivered", "device"))
    assert told.run() == []
    assert told.state.notices == {}
