"""The queue as timelines of numbers: one outstanding, repeats, new sessions, expiry, each order ended once."""

from __future__ import annotations

import pytest
from wires import QUICK, Desk, PacedLine, sendings

from gateway.commands.patience import Patience
from gateway.engine.records import End
from protocols.order import Result


@pytest.mark.parametrize(("repeats", "waits"), [(0, (10.0,)), (1, (10.0, 20.0)), (3, (10.0, 20.0, 60.0, 240.0))])
def test_waits_are_those_of_the_standard(repeats, waits):
    assert Patience(answer=10.0, repeats=repeats).waits == waits


def test_on_a_clock_sixty_times_as_fast_the_real_waits_are_the_same():
    assert Patience(answer=10.0).stretched(60.0).waits[:2] == (600.0, 1200.0)


def test_an_order_goes_out_at_once_to_a_device_that_is_there():
    desk = Desk()
    line = desk.connect()
    desk.give("a")
    assert sendings(line) == ["s1 text a"]
    assert desk.reply("took s1", text="well") == 0
    assert desk.ended == [("a", End.DONE)]
    assert desk.ends[0].text == "well"
    assert len(desk.queue) == 0


def test_an_order_waits_for_its_device_and_goes_out_when_it_comes():
    desk = Desk()
    desk.give("a")
    desk.go_on(100.0)
    line = desk.connect()
    assert sendings(line) == ["s1 text a"]


def test_eight_orders_go_out_one_after_the_other_each_after_the_answer_to_the_last():
    desk = Desk()
    line = desk.connect()
    for number in range(8):
        desk.give(str(number))
    for number in range(8):
        assert len(line.written) == number + 1
        assert desk.queue.outstanding() == 1
        desk.reply(f"took s{number + 1}")
    assert desk.ended == [(str(number), End.DONE) for number in range(8)]


def test_devices_do_not_wait_for_each_other():
    desk = Desk()
    one, two = desk.connect("s", "D"), desk.connect("t", "E")
    desk.give("a", device="D")
    desk.give("b", device="E")
    assert (sendings(one), sendings(two)) == (["s1 text a"], ["t1 text b"])
    desk.reply("took t1", device="E")
    assert desk.ended == [("b", End.DONE)]


def test_an_unanswered_order_is_said_again_with_the_same_bytes_then_given_up():
    desk = Desk()
    line = desk.connect()
    desk.give("a")
    seen = []
    for moment in (0.0, 9.9, 10.0, 29.9, 30.0, 89.9, 90.0, 329.9):
        desk.go_on(moment)
        seen.append(len(line.written))
    assert seen == [1, 1, 2, 2, 3, 3, 4, 4]
    assert set(sendings(line)) == {"s1 text a"}
    assert desk.ended == []
    desk.go_on(330.0)
    assert desk.ended == [("a", End.NO_ANSWER)]
    assert len(line.written) == 4


def test_an_order_given_up_makes_room_for_the_next():
    desk = Desk()
    line = desk.connect()
    desk.give("a")
    desk.give("b")
    desk.go_on(330.0)
    assert sendings(line)[-1] == "s2 text b"


@pytest.mark.parametrize("result", [Result.FAILED, Result.MALFORMED, Result.UNSUPPORTED])
@pytest.mark.parametrize("kind", ["text", "locate"])
def test_a_device_that_says_no_ends_the_order(kind, result):
    desk = Desk()
    desk.connect()
    desk.give("a", kind)
    desk.reply("took s1", result, "no")
    assert desk.ended == [("a", End(result.value))]


def test_an_order_that_was_taken_is_not_said_again_and_ends_with_its_answer():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "locate")
    desk.reply("took s1")
    desk.go_on(50.0)
    assert len(line.written) == 1
    assert desk.ended == []
    desk.reply("took s1")
    desk.reply("did s1", text="24.3, 109.4")
    assert [(one.end, one.text) for one in desk.ends] == [(End.DONE, "24.3, 109.4")]


def test_an_answer_without_a_word_of_taking_ends_it_too():
    desk = Desk()
    desk.connect()
    desk.give("a", "locate")
    desk.reply("did s1")
    assert desk.ended == [("a", End.DONE)]


def test_an_order_that_was_taken_and_never_answered_ends_after_its_time():
    desk = Desk()
    desk.connect()
    desk.give("a", "locate")
    desk.go_on(5.0)
    desk.reply("took s1")
    desk.go_on(64.9)
    assert desk.ended == []
    desk.go_on(65.0)
    assert desk.ended == [("a", End.NO_ANSWER)]
    assert "took the order" in desk.ends[0].text


def test_on_a_new_session_the_order_is_encoded_anew_and_its_waits_begin_again():
    desk = Desk()
    first = desk.connect("s")
    desk.give("a")
    desk.go_on(12.0)
    second = desk.connect("t")
    desk.go_on(21.0)
    assert (len(first.written), sendings(second)) == (2, ["t1 text a"])
    assert desk.reply("took s1") == 1
    desk.go_on(22.0)
    assert sendings(second) == ["t1 text a", "t1 text a"]
    assert desk.reply("took t1") == 0
    assert desk.ended == [("a", End.DONE)]


def test_the_same_session_seen_again_hears_nothing_twice():
    desk = Desk()
    line = desk.connect()
    desk.give("a")
    desk.queue.arrived("D", 1.0)
    assert len(line.written) == 1


def test_while_the_device_is_away_nothing_is_repeated_and_the_order_waits():
    desk = Desk()
    line = desk.connect()
    desk.give("a")
    del desk.lines["D"]
    desk.go_on(600.0)
    assert len(line.written) == 1
    again = desk.connect("t")
    assert sendings(again) == ["t1 text a"]


def test_an_order_at_which_every_session_breaks_off_is_given_up():
    desk = Desk()
    desk.give("a")
    lines = []
    for number in range(QUICK.sessions + 2):
        desk.go_on(desk.now + 1.0)
        lines.append(desk.connect(f"s{number}"))
    assert [len(line.written) for line in lines] == [1] * QUICK.sessions + [0, 0]
    assert desk.ended == [("a", End.NO_ANSWER)]


def test_an_order_that_was_taken_is_not_given_again_on_a_new_session():
    desk = Desk()
    desk.connect("s")
    desk.give("a", "locate")
    desk.reply("took s1")
    second = desk.connect("t")
    assert second.written == []
    desk.reply("did s1")
    assert desk.ended == [("a", End.DONE)]


def test_an_order_for_a_device_that_never_comes_expires_and_is_never_sent():
    desk = Desk()
    desk.give("a", expires=900.0)
    desk.go_on(900.0)
    assert desk.ended == [("a", End.EXPIRED)]
    assert desk.when["a"] == 900.0
    assert desk.connect().written == []


def test_an_order_behind_others_expires_in_its_place():
    desk = Desk()
    line = desk.connect()
    desk.give("a", expires=900.0)
    desk.give("b", expires=20.0)
    desk.give("c", expires=900.0)
    desk.go_on(20.0)
    assert desk.ended == [("b", End.EXPIRED)]
    desk.reply("took s1")
    assert sendings(line) == ["s1 text a", "s1 text a", "s2 text c"]


def test_an_order_that_arrives_late_at_the_queue_is_not_sent():
    desk = Desk(now=0.0)
    line = desk.connect()
    desk.give("a", expires=0.0)
    assert line.written == []
    assert desk.ended == [("a", End.EXPIRED)]


def test_expiry_ends_repeating_too():
    desk = Desk()
    line = desk.connect()
    desk.give("a", expires=15.0)
    desk.go_on(100.0)
    assert len(line.written) == 2
    assert desk.ended == [("a", End.NO_ANSWER)]
    assert desk.when["a"] == 15.0


def test_a_wire_that_never_answers_is_done_with_once_it_is_written():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "mute")
    desk.give("b", "mute")
    assert len(line.written) == 2
    assert desk.ended == [("a", End.SENT), ("b", End.SENT)]


def test_an_order_the_wire_cannot_carry_is_refused_in_its_words():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "refused")
    desk.give("b")
    assert desk.ended == [("a", End.REFUSED)]
    assert desk.ends[0].text == "this wire has no such order"
    assert sendings(line) == ["s1 text b"]


def test_a_cancelled_order_ends_at_once_and_the_next_goes_out():
    desk = Desk()
    line = desk.connect()
    desk.give("a")
    desk.give("b")
    assert desk.queue.conclude("a", End.CANCELLED, "", 1.0, "officer 8")
    assert not desk.queue.conclude("a", End.CANCELLED, "", 1.0)
    assert (desk.ended, desk.ends[0].by) == ([("a", End.CANCELLED)], "officer 8")
    assert sendings(line) == ["s1 text a", "s2 text b"]


def test_what_belongs_to_no_order_is_counted_and_changes_nothing():
    desk = Desk()
    assert desk.reply("took s1") == 1
    desk.connect()
    desk.give("a")
    assert desk.reply("took s9") == 1
    assert desk.reply("") == 1
    assert desk.ended == []
    desk.reply("took s1")
    assert desk.reply("took s1") == 1
    assert len(desk.ends) == 1


def test_a_reply_without_a_key_is_nobodys_even_where_nothing_says_that_an_order_was_taken():
    desk = Desk()
    desk.connect()
    desk.give("a", "late")
    assert desk.reply("", Result.FAILED) == 1
    assert desk.reply("did s1") == 0
    assert desk.ended == [("a", End.DONE)]


def test_the_same_order_twice_is_one():
    desk = Desk()
    desk.give("a")
    desk.give("a")
    assert desk.queue.waiting_for("D") == 1


def test_what_a_device_says_is_kept_up_to_a_limit():
    desk = Desk()
    desk.connect()
    desk.give("a")
    desk.reply("took s1", text="x" * 100_000)
    assert len(desk.ends[0].text) == 2000


def test_many_short_orders_leave_no_timers_behind():
    desk = Desk()
    desk.connect()
    for number in range(2000):
        desk.give(str(number), "mute", expires=604_800.0)
    assert len(desk.queue._timers) <= 300  # of two thousand


def test_of_several_messages_the_next_is_said_when_the_last_is_answered_and_only_it_again():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "series")
    desk.reply("took s1")
    desk.go_on(10.0)
    assert sendings(line) == ["s1 series a", "s2 series a", "s2 series a"]
    desk.reply("took s2")
    desk.go_on(19.9)
    assert sendings(line)[3:] == ["s3 series a"]
    desk.reply("took s3")
    assert desk.ended == [("a", End.DONE)]


def test_each_of_several_messages_has_all_its_waits():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "series")
    desk.go_on(300.0)
    desk.reply("took s1")
    desk.go_on(629.9)
    assert [each.split()[0] for each in sendings(line)] == ["s1"] * 4 + ["s2"] * 4
    assert desk.ended == []
    desk.go_on(630.0)
    assert desk.ended == [("a", End.NO_ANSWER)]


def test_an_order_of_several_messages_ends_with_the_first_that_is_declined():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "series")
    desk.give("b")
    desk.reply("took s1")
    desk.reply("took s2", Result.UNSUPPORTED)
    assert [(one.end, one.text) for one in desk.ends] == [(End.UNSUPPORTED, "message 2 of the order")]
    assert sendings(line)[2:] == ["s3 text b"]


def test_a_new_session_hears_an_order_of_several_messages_from_its_beginning():
    desk = Desk()
    desk.connect()
    desk.give("a", "series")
    desk.reply("took s1")
    again = desk.connect("t")
    for number in (1, 2, 3):
        desk.reply(f"took t{number}")
    assert sendings(again) == [f"t{number} series a" for number in (1, 2, 3)]
    assert desk.ended == [("a", End.DONE)]


def test_the_wait_begins_when_the_last_segment_has_been_written():
    desk = Desk()
    line = desk.join(PacedLine())
    desk.give("a", "cut")
    desk.go_on(12.0)
    assert [line.write() for _ in range(3)] == [b"s1 cut a 0", b"s1 cut a 1", b"s1 cut a 2"]
    assert line.write() == b""
    desk.go_on(21.9)
    assert line.write() == b""
    desk.go_on(22.0)
    assert line.write() == b"s1 cut a 0"


def test_orders_are_numbered_as_they_are_written():
    desk = Desk()
    line = desk.join(PacedLine())
    desk.give("a")
    line.number = 5
    assert line.write() == b"s6 text a"


@pytest.mark.parametrize("end", ["cancelled", "declined", "expired"])
def test_nothing_of_an_order_leaves_after_its_end(end):
    desk = Desk()
    line = desk.join(PacedLine())
    desk.give("a", "cut", expires=15.0)
    line.write()
    if end == "cancelled":
        desk.queue.conclude("a", End.CANCELLED, "", desk.now, "officer 8")
    elif end == "declined":
        desk.reply("took s1.0", Result.FAILED)
    else:
        desk.now = 15.0
    assert line.write() == b""


def test_an_order_that_is_answered_before_its_turn_to_be_repeated_is_not():
    desk = Desk()
    line = desk.join(PacedLine())
    desk.give("a", "locate")
    line.write()
    line.write()
    desk.go_on(10.0)
    desk.reply("took s1")
    assert line.write() == b""
    desk.go_on(60.0)
    assert (line.write(), desk.ended) == (b"", [])


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_message_in_segments_is_answered_by_the_key_of_any_once_all_are_written(part):
    desk = Desk()
    line = desk.join(PacedLine())
    desk.give("a", "cut")
    line.write()
    assert desk.reply("took s1.0") == 0
    assert desk.ended == []
    line.write()
    line.write()
    desk.reply(f"took s1.{part}")
    assert desk.ended == [("a", End.DONE)]


def test_a_session_that_may_hear_nothing_for_a_while_hears_the_rest_afterwards():
    desk = Desk()
    line = desk.join(PacedLine())
    desk.give("a", "series")
    assert (line.write(), line.write()) == (b"s1 series a", b"")
    del desk.lines["D"]
    desk.go_on(15.0)
    assert line.write() == b""
    desk.join(line)
    assert line.write() == b"s1 series a"
    del desk.lines["D"]
    desk.reply("took s1")
    assert line.write() == b""
    desk.join(line)
    assert line.write() == b"s2 series a"


class TakingDelegate:
    """A protocol that does its orders itself; ``at_once`` answers from within ``take``."""

    def __init__(self, desk: Desk, *, at_once: bool) -> None:
        self.desk, self.at_once = desk, at_once
        self.taken: list[str] = []
        self.dropped: list[str] = []

    def undertake(self, command):
        self.taken.append(command.id)
        if self.at_once:
            self.desk.queue.conclude(command.id, End.DONE, "here", self.desk.now)

    def drop(self, command):
        self.dropped.append(command.id)


def test_a_delegate_does_the_orders_of_its_protocol_one_at_a_time():
    desk = Desk()
    delegate = desk.delegates["D"] = TakingDelegate(desk, at_once=False)
    desk.give("a")
    desk.give("b")
    assert delegate.taken == ["a"]
    desk.queue.conclude("a", End.FAILED, "absent subscriber", 1.0)
    assert delegate.taken == ["a", "b"]
    desk.go_on(900.0)
    assert desk.ended == [("a", End.FAILED), ("b", End.NO_ANSWER)]
    assert delegate.dropped == ["b"]


def test_a_delegate_may_answer_at_once_and_is_told_of_a_cancellation():
    desk = Desk()
    desk.delegates["D"] = TakingDelegate(desk, at_once=True)
    for number in range(32):
        desk.give(str(number))
    assert desk.ended == [(str(number), End.DONE) for number in range(32)]
    slow = desk.delegates["E"] = TakingDelegate(desk, at_once=False)
    desk.give("x", device="E")
    desk.queue.conclude("x", End.CANCELLED, "", 1.0, "officer 8")
    assert slow.dropped == ["x"]
