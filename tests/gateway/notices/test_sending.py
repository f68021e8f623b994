"""What is sent next and what an answer makes of it; and what a text that came means."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.engine import WEARER, About, Notice, NoticeRecord, NoticeState
from gateway.notices.numbers import compared, number_for, staff_with
from gateway.notices.replies import Unmeant, meaning_of
from gateway.notices.sending import MOST_TRIES, Sending
from gateway.settings.contacts import Contact, Contacts
from gateway.sms.answer import Answer, Given
from gateway.sms.incoming import Incoming, Report

TAKEN, LATER = Answer(Given.TAKEN, references=(7,)), Answer(Given.LATER, "cms 331")
CONTACTS = Contacts(
    {"P0001": Contact(phone="13800000009")},
    {"D01": Contact(phone="+86 138-0000-0001"), "D02": Contact(phone="13800000001"), "D03": Contact(phone="0772 1234")},
)


def record(identity: str, severity: str = "critical", owed: float = 100.0, to: str = "D01", **more) -> NoticeRecord:
    told = About("strap_cut", severity, "P0001", "B0001", "SFS-01", 1.0)
    return NoticeRecord(Notice(identity, "alarm", to, owed, told, code="7F3A"), **more)


def test_the_gravest_and_of_them_the_oldest_goes_first_and_what_was_answered_goes_no_more():
    sending = Sending()
    sending.take([record("a", "warning", 1.0), record("b", owed=3.0), record("c", owed=2.0)])
    order = []
    while (one := sending.next(0.0)) is not None:
        order.append(one.record.notice.id)
        sending.answered.add(one.record.notice.id)
    assert order == ["c", "b", "a"]


def test_what_is_withdrawn_before_it_went_goes_no_more():
    sending = Sending()
    sending.take([record("a")])
    sending.take([record("a", state=NoticeState.WITHDRAWN)])
    assert sending.next(0.0) is None


def test_what_is_not_taken_rests_longer_each_time_lets_others_go_and_is_given_up_in_the_end():
    sending, now, waits = Sending(), 0.0, []
    sending.take([record("a"), record("b", "warning")])
    one = sending.next(now)
    while True:
        one.tries += 1
        if (state := sending.judge(one, LATER, now)) is not None:
            break
        assert sending.next(now).record.notice.id == "b"
        waits.append(one.rests - now)
        now = one.rests
    assert state is NoticeState.FAILED
    assert one.tries == MOST_TRIES
    assert waits[:3] == [10.0, 20.0, 40.0]
    assert max(waits) == 300.0
    assert sending.judge(one, Answer(Given.REFUSED, "cms 1"), now) is NoticeState.FAILED
    assert sending.judge(one, TAKEN, now) is NoticeState.SENT


@pytest.mark.parametrize(
    ("status", "number", "reference", "state"),
    [(0, "13800000001", 7, "delivered"), (0x41, "13800000001", 7, "failed"), (0x30, "13800000001", 7, None),
     (0, "13800000002", 7, None), (0, "13800000001", 8, None)],
)  # fmt: skip
def test_a_report_is_of_the_newest_notice_to_that_number_under_that_reference(status, number, reference, state):
    sending = Sending()
    sending.take(
        [record(key, state=NoticeState.SENT, at=at, references=(7,)) for key, at in (("old", 1.0), ("a", 2.0))]
    )
    numbers = dict.fromkeys(("old", "a"), compared("+8613800000001"))
    found = sending.reported(Report(reference, number, status), number, numbers)
    assert found == (None if state is None else (sending.sent["a"], NoticeState(state)))


def test_numbers_are_those_of_the_contacts_however_they_are_written():
    assert number_for(record("a").notice, CONTACTS) == "+86 138-0000-0001"
    assert number_for(record("a", to=WEARER).notice, CONTACTS) == "13800000009"
    assert number_for(record("a", to="D09").notice, CONTACTS) == ""
    assert staff_with("+8613800000001", CONTACTS) == {"D01", "D02"}
    assert staff_with("07721234", CONTACTS) == {"D03"}
    assert staff_with("MMoney", CONTACTS) == frozenset()


def meant(text: str, number: str = "13800000001", may=("D02",), part=None):
    return meaning_of(Incoming(number, text, part), CONTACTS, {"7F3A": "alarm 1"}, {"alarm 1": may})


@pytest.mark.parametrize(
    "text", ["收 7F3A", "收7f3a", "收：７Ｆ３Ａ", " 收 7F3A。 ", "ACK 7F3A", "ack 7f3a", "收“7F3A”"]
)
def test_the_word_and_the_code_acknowledge(text):
    assert meant(text) == ("alarm 1", "D02")


@pytest.mark.parametrize(
    ("text", "more", "why"),
    [
        ("收 7F3A", {"number": "13911111111"}, Unmeant.STRANGER),
        ("收 7F3A", {"number": "13800000009"}, Unmeant.STRANGER),
        ("收 7F3A", {"may": ("D03",)}, Unmeant.OFF_DUTY),
        ("收 0000", {}, Unmeant.CODE),
        ("7F3A", {}, Unmeant.WORDS),
        ("收 7F3A 办结", {}, Unmeant.WORDS),
        ("close 7F3A", {}, Unmeant.WORDS),
        ("收 7F3A7F3A", {}, Unmeant.WORDS),
        ("收 7F3A", {"part": (1, 2, 1)}, Unmeant.WORDS),
        ("", {}, Unmeant.WORDS),
    ],
)
def test_anything_else_means_nothing(text, more, why):
    assert meant(text, **more) is why


@given(st.text(max_size=30), st.sampled_from(["13800000001", "13911111111"]))
def test_whatever_comes_it_acknowledges_only_by_its_code(text, number):
    found = meant(text, number)
    assert isinstance(found, Unmeant) or "7F3A" in text.upper()


def test_contacts_do_not_show_themselves():
    assert "1380000" not in repr(CONTACTS)
    assert msgspec.json.encode(record("a")).find(b"138") == -1
