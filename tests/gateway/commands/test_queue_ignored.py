"""An order that a device ignores: it holds the next one back for two waits, and a late answer still counts."""

from __future__ import annotations

import pytest
from wires import Desk, sendings

from gateway.engine.records import End


def test_an_order_that_a_device_ignores_holds_the_next_back_for_two_waits():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "locate")
    desk.give("b")
    desk.go_on(29.9)
    assert sendings(line) == ["s1 locate a"] * 2
    desk.go_on(30.0)
    assert sendings(line)[2:] == ["s2 text b"]
    assert desk.queue.outstanding() == 2
    desk.reply("took s2")
    assert desk.ended == [("b", End.DONE)]
    desk.go_on(329.9)
    assert len(line.written) == 3
    desk.go_on(330.0)
    assert desk.ended[1:] == [("a", End.NO_ANSWER)]


@pytest.mark.parametrize("answers", [["did s1"], ["took s1", "did s1"]])
def test_a_late_answer_to_an_order_that_let_others_pass_ends_it(answers):
    desk = Desk()
    desk.connect()
    desk.give("a", "locate")
    desk.give("b")
    desk.go_on(60.0)
    for answer in answers:
        assert desk.reply(answer) == 0
    assert desk.ended == [("a", End.DONE)]
    assert desk.reply("took s2") == 0
    assert desk.ended[1:] == [("b", End.DONE)]


def test_an_order_given_when_the_two_waits_are_over_goes_out_at_once():
    desk = Desk()
    line = desk.connect()
    desk.give("a")
    desk.go_on(40.0)
    desk.give("b")
    assert sendings(line) == ["s1 text a"] * 3 + ["s2 text b"]
    desk.reply("took s2")
    desk.go_on(329.9)
    assert len(line.written) == 4
    desk.go_on(330.0)
    assert desk.ended == [("b", End.DONE), ("a", End.NO_ANSWER)]


def test_of_many_orders_that_a_device_has_no_code_for_each_waits_only_its_two_waits():
    desk = Desk()
    line = desk.connect()
    for number in range(5):
        desk.give(str(number))
    desk.go_on(129.9)
    assert sendings(line) == [f"s{number + 1} text {number}" for number in range(4) for _ in range(2)] + ["s5 text 4"]
    desk.reply("took s5")
    assert desk.ended == [("4", End.DONE)]


def test_an_order_that_was_taken_holds_the_next_back_until_it_is_answered():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "locate")
    desk.give("b")
    desk.reply("took s1")
    desk.go_on(59.9)
    assert sendings(line) == ["s1 locate a"]


def test_on_a_new_session_what_was_never_answered_goes_out_again_in_its_order():
    desk = Desk()
    desk.connect("s")
    desk.give("a")
    desk.give("b")
    desk.go_on(35.0)
    again = desk.connect("t")
    assert sendings(again) == ["t1 text a"]
    desk.reply("took t1")
    assert sendings(again) == ["t1 text a", "t2 text b"]


def test_what_a_device_ignored_and_answered_a_later_one_is_not_said_again_on_a_new_session():
    """It would undo the later one."""
    desk = Desk()
    desk.connect("s")
    desk.give("a")
    desk.give("b")
    desk.go_on(35.0)
    desk.reply("took s2")
    again = desk.connect("t")
    desk.give("c")
    desk.go_on(90.0)
    assert sendings(again) == ["t1 text c"] * 2 + ["t1 text c"]
    desk.go_on(900.0)
    assert desk.ended == [("b", End.DONE), ("a", End.NO_ANSWER), ("c", End.NO_ANSWER)]


def test_a_device_that_is_away_ignores_nothing():
    desk = Desk()
    desk.connect("s")
    desk.give("a")
    desk.give("b")
    desk.go_on(12.0)
    del desk.lines["D"]
    desk.go_on(200.0)
    again = desk.connect("t")
    assert sendings(again) == ["t1 text a"]


def test_an_order_of_several_messages_that_is_answered_late_goes_on():
    desk = Desk()
    line = desk.connect()
    desk.give("a", "series")
    desk.give("b")
    desk.go_on(31.0)
    desk.reply("took s1")
    desk.reply("took s2")
    assert sendings(line)[-2:] == ["s2 text b", "s3 series a"]
    desk.reply("took s3")
    desk.reply("took s4")
    assert desk.ended == [("b", End.DONE), ("a", End.DONE)]
