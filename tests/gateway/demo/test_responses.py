"""How fast each alarm of a drill was answered: in real seconds, and who was left alone by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from made_episodes import TOLD, episode

from gateway.demo.responses import clocked, lines, responses, table
from gateway.engine import ActLine

ZONE = ZoneInfo("Asia/Shanghai")
EPOCH, SPEED = TOLD - 400.0, 4.0
ACTS = [
    ActLine(TOLD + 80, "D01", "acknowledge", 2), ActLine(TOLD + 200, "D01", "attempt", 3, whom="wearer"),
    ActLine(TOLD + 260, "D02", "arrived", 4),
]  # fmt: skip


def found(*episodes):
    return responses(episodes, EPOCH, lambda since, until: (until - since) / SPEED, ZONE)


ANSWERED = episode(
    id="a" * 32, acts=ACTS, acknowledged=TOLD + 80, closed=TOLD + 800, outcome="technical", decided=TOLD
)  # fmt: skip
LEFT = episode("sos", id="b" * 32, person="P0002", decided=TOLD + 40)


def test_each_alarm_is_timed_from_its_raising_in_real_seconds():
    first, second = found(LEFT, ANSWERED)
    assert first[:6] == ("P0001", "strap_cut", 100.0, 20.0, 50.0, 200.0)
    assert second[:6] == ("P0002", "sos", 110.0, None, None, None)
    assert (first.is_unanswered, second.is_unanswered) == (False, True)


def test_what_need_not_be_taken_or_was_taken_back_or_is_a_trial_is_nobodys_fault():
    mild = episode("strap_cut", id="c" * 32, severity="info")
    assert [one.is_unanswered for one in found(mild)] == [False]
    assert found(episode(id="d" * 32, retracted=True), episode(id="e" * 32, decided=EPOCH - 1)) == []


def test_the_sum_names_who_was_left_alone():
    assert list(lines(found(ANSWERED, LEFT), "zh")) == [
        "报警 2 起，已接收 1 起；接收用时中位数 0:20，最长 0:20。", "没有人接收：P0002 求助",
    ]  # fmt: skip
    assert list(lines(found(ANSWERED), "en")) == ["1 alarms, 1 acknowledged; median 0:20, longest 0:20."]
    assert list(lines([], "en")) == ["There was no alarm."]
    rows = [list(column.cells) for column in table(found(ANSWERED, LEFT), "en").columns]
    assert rows[2:] == [["1:40", "1:50"], ["0:20", "not"], ["0:50", "not"], ["3:20", "not"]]
    assert clocked(None) == ""
