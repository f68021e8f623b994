"""The queue between intake and journal: who is reachable when, over which session, and how each order ended."""

from __future__ import annotations

import pytest
from dispatch_room import NOON, Room
from wires import QUICK

from gateway.commands.dispatch import NO_AUTHORITY
from gateway.engine.records import Command, CommandRecord, End, Ended
from gateway.intake.visit import Visit
from gateway.journal.entries import EntryKind
from gateway.settings.model import Device
from protocols.gt06.wire import seal
from protocols.order import Reply, Result
from protocols.registry import FAMILIES
from protocols.session import Step


def test_orders_follow_the_answer_to_an_authentication():
    room = Room()
    visit = room.visit()
    room.give("a")
    room.log_in(visit, Step.AUTHENTICATE)
    assert visit.channel.heard == []
    room.commit()
    assert visit.channel.heard == ["login accepted", "s1 text a"]


def test_between_registration_and_authentication_no_order_is_sent():
    room = Room()
    visit = room.visit()
    room.give("a")
    room.log_in(visit, Step.REGISTER)
    room.commit()
    room.wait(0.5)
    room.log_in(visit, Step.AUTHENTICATE)
    assert visit.channel.heard == ["login accepted"]
    room.commit()
    assert visit.channel.heard == ["login accepted", "login accepted", "s1 text a"]


def test_a_device_that_never_authenticates_hears_orders_after_a_moment():
    room = Room()
    visit = room.visit()
    room.give("a")
    room.say(visit)
    room.commit()
    assert len(visit.channel.heard) == 1
    assert room.dispatcher.next_due() == room.clock.time + QUICK.settle
    room.wait(QUICK.settle)
    assert visit.channel.heard[1:] == ["s1 text a"]


def test_a_device_that_goes_on_without_authentication_hears_orders_from_then_on():
    room = Room()
    visit = room.visit()
    room.give("a")
    room.log_in(visit, Step.REGISTER)
    room.commit()
    room.wait(60.0)
    assert visit.channel.heard == ["login accepted"]
    room.say(visit)
    room.commit()
    room.wait(QUICK.settle)
    assert visit.channel.heard == ["login accepted", "answer", "s1 text a"]


@pytest.mark.parametrize("authentication", ["optional", "required"])
def test_who_has_registered_and_cannot_authenticate_hears_no_order(authentication):
    room = Room()
    visit = room.visit("s", authentication)
    room.give("a")
    room.log_in(visit, Step.REGISTER)
    room.log_in(visit, Step.AUTHENTICATE, credential="guessed")
    room.commit()
    room.wait(60.0)
    assert "s1 text a" not in visit.channel.heard


@pytest.mark.parametrize("credential", ["", "guessed"])
def test_who_begins_its_login_again_hears_orders_when_that_has_succeeded(credential):
    room = Room()
    visit = room.visit()
    room.say(visit)
    room.commit()
    room.wait(QUICK.settle)
    room.log_in(visit, Step.REGISTER)
    room.give("a")
    assert "s1 text a" not in visit.channel.heard
    room.log_in(visit, Step.AUTHENTICATE, credential=credential)
    room.commit()
    room.wait(60.0)
    assert ("s1 text a" in visit.channel.heard) is (credential == "")


def test_an_order_given_within_that_moment_waits_for_it_too():
    room = Room()
    visit = room.visit()
    room.say(visit)
    room.give("a")
    room.commit()
    room.give("b")
    assert visit.channel.heard == ["answer"]
    room.wait(QUICK.settle)
    assert visit.channel.heard == ["answer", "s1 text a"]


def test_a_reply_ends_the_order_right_behind_its_frame_in_the_journal():
    room = Room()
    visit = room.visit()
    room.log_in(visit, Step.AUTHENTICATE)
    room.commit()
    room.give("a")
    room.kinds.clear()
    room.say(visit, Reply("took s1", Result.DONE, "well"))
    room.commit()
    assert room.kinds == [EntryKind.FRAME, EntryKind.RESULT]
    assert room.ends == [Ended("a", End.DONE, "well")]
    assert room.woken == 1


def test_a_newer_session_gets_the_order_in_its_own_numbers_and_the_older_is_closed():
    room = Room()
    first, second = room.visit("s"), room.visit("t")
    for visit in (first, second):
        room.log_in(visit, Step.AUTHENTICATE)
        room.commit()
        if visit is first:
            room.give("a")
    assert first.channel.heard[-2:] == ["s1 text a", "closed"]
    assert second.channel.heard == ["login accepted", "t1 text a"]
    room.say(second, Reply("took t1", Result.DONE))
    room.commit()
    assert room.ended == [("a", End.DONE)]


def test_a_session_that_left_gets_nothing_and_the_order_waits():
    room = Room()
    visit = room.visit()
    room.log_in(visit, Step.AUTHENTICATE)
    room.commit()
    room.intake.leave(visit)
    room.give("a")
    room.wait(60.0)
    assert visit.channel.heard == ["login accepted"]
    assert room.dispatcher.figures() == {"queued": 1, "outstanding": 0}


def test_a_session_that_left_before_its_login_was_durable_gets_nothing():
    room = Room()
    visit = room.visit()
    room.give("a")
    room.log_in(visit, Step.AUTHENTICATE)
    room.intake.leave(visit)
    room.commit()
    assert "s1 text a" not in visit.channel.heard


def test_an_older_session_that_authenticates_late_takes_no_orders_from_the_newer():
    room = Room()
    older, newer = room.visit("s"), room.visit("t")
    room.log_in(older, Step.REGISTER)
    room.log_in(newer, Step.AUTHENTICATE)
    room.log_in(older, Step.AUTHENTICATE)
    room.commit()
    room.give("a")
    assert newer.channel.heard[-1] == "t1 text a"
    assert "s1 text a" not in older.channel.heard


def test_two_devices_on_one_connection_each_get_their_own():
    room = Room()
    visit = room.visit()
    for device in ("B0001", "B0002"):
        room.say(visit, device=device)
    room.commit()
    room.wait(QUICK.settle)
    room.give("a", device="B0001")
    room.give("b", device="B0002")
    assert visit.channel.heard[-2:] == ["s1 text a", "s2 text b"]


@pytest.mark.parametrize("kind", ["locate", "track"])
def test_nobody_without_an_authority_is_located_but_the_device_can_be_told_other_things(kind):
    room = Room(authorities=())
    visit = room.visit()
    room.log_in(visit, Step.AUTHENTICATE)
    room.commit()
    room.give("a", kind)
    room.give("b")
    room.commit()
    assert room.ends == [Ended("a", End.REFUSED, NO_AUTHORITY)]
    assert visit.channel.heard[-1] == "s1 text b"


def test_under_an_authority_a_wearer_is_located():
    room = Room()
    visit = room.visit()
    room.log_in(visit, Step.AUTHENTICATE)
    room.commit()
    room.give("a", "locate")
    assert visit.channel.heard[-1] == "s1 locate a"


def test_replies_to_nothing_are_counted():
    room = Room()
    visit = room.visit()
    room.say(visit, Reply("took s7", Result.DONE), Reply("did s7", Result.DONE))
    assert room.intake.counts["reply_unexpected"] == 2


def test_cancelling_says_who_and_only_once():
    room = Room()
    room.give("a")
    assert room.dispatcher.cancel("a", "officer 8")
    assert not room.dispatcher.cancel("a", "officer 8")
    room.commit()
    assert room.ends == [Ended("a", End.CANCELLED, "", "officer 8")]


def test_what_expired_while_the_gateway_was_down_is_ended_and_never_sent():
    room = Room()
    visit = room.visit()
    command = Command("a", "B0001", "text", "officer 7", NOON - 1.0)
    room.dispatcher.give([CommandRecord(command, NOON - 900.0, 0)])
    room.log_in(visit, Step.AUTHENTICATE)
    room.commit()
    assert room.ended == [("a", End.EXPIRED)]
    assert visit.channel.heard == ["login accepted"]


def test_a_protocol_with_a_delegate_goes_to_it_and_not_to_a_session():
    room = Room()
    taken: list[str] = []

    class Poller:
        def undertake(self, command):
            taken.append(command.id)

        def drop(self, command):
            taken.append(f"-{command.id}")

    room.dispatcher.delegates["jt808"] = Poller()
    visit = room.visit()
    room.log_in(visit, Step.AUTHENTICATE)
    room.commit()
    room.give("a", "locate")
    assert taken == ["a"]
    assert room.dispatcher.figures() == {"queued": 0, "outstanding": 1}
    assert room.dispatcher.ended("a", End.DONE, "24.3, 109.4")
    room.commit()
    assert room.ended == [("a", End.DONE)]
    assert visit.channel.heard == ["login accepted"]


@pytest.mark.parametrize("named", [False, True])
def test_a_gt06_device_is_given_its_orders_once_it_is_known_and_its_own_words_come_back(named):
    imei = "861000000000108"
    room = Room(devices={"B0001": Device("B0001", "gt06", imei, "standard")})
    session = FAMILIES["gt06"].session("standard", identity=imei if named else "")
    visit = Visit(room.visit().channel, session, room.configuration.listeners[0], "203.0.113.9:4000")
    visit.authenticated |= {imei} if named else set()
    heard: list[bytes] = []
    visit.channel.answer = heard.append
    visit.channel.send = heard.extend

    def says(number: int, content: bytes) -> None:
        room.intake.hear(visit, session.feed(seal(number, content, 1), room.clock.now()))
        room.commit()

    command = Command("a", "B0001", "status", "officer 7", NOON + 900.0)
    room.dispatcher.give([CommandRecord(command, NOON, 0)])
    says(*((0x13, bytes(5)) if named else (0x01, bytes.fromhex(imei.zfill(16)))))
    (order,) = [segment for segment in heard if segment[3] == 0x80]
    flag = order[5:9]
    says(0x15, bytes([4 + 3]) + flag + b"OK!" + b"\0\2")
    assert [(one.command, one.end, one.text) for one in room.ends] == [("a", End.DONE, "OK!")]


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_an_order_waits_as_long_as_it_would_have_however_the_wall_clock_is_set(seconds):
    room = Room()
    visit = room.visit()
    room.give("a")
    room.log_in(visit, Step.AUTHENTICATE)
    room.commit()
    due = room.dispatcher.next_due() - room.intake.steady()
    room.wait(1.0)
    room.clock.set_by = seconds
    room.wait(1.0)
    assert room.intake.now() == room.clock.now() == NOON + 2.0 + seconds
    assert room.dispatcher.next_due() - room.intake.steady() == due - 2.0
    room.wait(due - 2.0)
    assert visit.channel.heard == ["login accepted", "s1 text a", "s1 text a"]
    assert room.ended == []


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_an_order_expires_when_as_much_time_has_passed_as_it_was_given(seconds):
    room = Room()
    room.give("a")
    room.clock.set_by = seconds
    room.wait(899.0)
    room.commit()
    assert room.ended == []
    room.wait(1.0)
    room.commit()
    assert room.ended == [("a", End.EXPIRED)]
