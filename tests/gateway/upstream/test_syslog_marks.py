"""How far a log server has come: nothing is sure before its line has stood for a while behind it."""

from __future__ import annotations

from gateway.upstream.syslog_marks import SETTLED, Marks, Position


def test_what_was_said_is_sure_once_the_line_has_stood_for_a_while():
    marks = Marks(Position(0, 0))
    marks.say(Position(10, 1), 100.0, 3)
    assert not marks.look(100.0 + SETTLED - 0.1, is_taken=True)
    assert not marks.look(100.0 + SETTLED, is_taken=False)
    assert marks.look(100.0 + SETTLED, is_taken=True)
    assert marks.sure == marks.told == Position(10, 1)


def test_what_was_not_sure_when_a_line_ended_is_said_again():
    marks = Marks(Position(0, 0))
    marks.say(Position(10, 1), 100.0, 3)
    marks.say(Position(20, 1), 103.0, 1)
    assert marks.look(100.0 + SETTLED, is_taken=True)
    marks.lose()
    assert marks.told == Position(10, 1)
    assert not marks.look(200.0, is_taken=True)


def test_entries_that_say_nothing_hold_nothing_up():
    marks = Marks(Position(0, 0))
    marks.say(Position(10, 0), 1.0, 0)
    assert marks.sure == Position(10, 0)
    marks.say(Position(20, 0), 2.0, 1)
    marks.say(Position(30, 0), 6.0, 0)
    assert marks.sure == Position(10, 0)
    assert marks.look(2.0 + SETTLED, is_taken=True)
    assert marks.sure == Position(30, 0)
