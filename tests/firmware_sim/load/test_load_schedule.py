"""The open loop in virtual time: whatever the platform does, each report counts from its planned moment."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from load_in_virtual_time import STAMP, TICK, World, online
from met import must_meet

from firmware_sim.firmware.messages import NOT_SUPPORTED, Message, answer_body
from firmware_sim.firmware.wire import Edition, FrameReader, build_frame
from firmware_sim.load.plan import SLICE, OpenLoop, Plan
from firmware_sim.load.tally import Tally
from firmware_sim.load.terminal import Phase

QUICK = 0.005


def quick(now):
    return now + QUICK


def stalled(now):
    return 5.0 if 3.0 <= now < 5.0 else quick(now)


def test_a_quick_platform_shows_as_quick():
    tally = World(quick).run(11.0)
    assert (tally.sent, tally.latency.count, tally.unanswered, tally.late) == (1000, 1000, 0, 0)
    assert tally.latency.quantile(0.999) == pytest.approx(QUICK, abs=2 * TICK)


def test_a_stall_shows_in_every_report_planned_meanwhile():
    tally = World(stalled).run(11.0)
    waited = [(planned, latency) for planned, latency in tally.answers if 3.0 <= planned < 5.0 - TICK]
    assert len(waited) == 200, "the load went on at its rate"
    assert all(latency == pytest.approx(5.0 - planned, abs=3 * TICK) for planned, latency in waited)
    assert tally.latency.greatest == pytest.approx(2.0, abs=3 * TICK)
    assert tally.latency.quantile(0.9) == pytest.approx(1.0, abs=0.03), "200 of 1000 waited, half of them over 1 s"


def test_answers_two_seconds_late_are_so_for_all_that_was_planned_meanwhile():
    tally = World(lambda now: now + 2.0 if 3.0 <= now < 5.0 else quick(now)).run(11.0)
    assert sum(latency >= 2.0 - 1e-9 for _, latency in tally.answers) == 200


def test_a_stall_of_the_load_itself_cannot_hide_either():
    tally = World(quick).run(11.0, held_up=(3.0, 5.0))
    assert tally.sent == tally.latency.count == 1000
    assert tally.late == pytest.approx(199, abs=1)
    assert tally.lag.greatest == pytest.approx(2.0, abs=2 * TICK)
    late = [latency for planned, latency in tally.answers if 3.0 <= planned < 4.0]
    assert len(late) == 100
    assert min(late) >= 1.0


def test_a_platform_that_stops_answering_loses_them_all():
    tally = World(lambda now: quick(now) if now < 3.0 else None).run(11.0)
    assert tally.sent == 1000
    assert tally.unanswered == pytest.approx(700, abs=1)


def test_what_was_planned_for_a_lost_connection_is_not_sent():
    world = World(quick)
    world.terminals[3].disconnected()
    assert world.run(11.0).sent == 1000 - len(range(3, 1000, 7))
    assert world.loop.done == 1000


@given(st.floats(0.1, 1e5), st.integers(0, 2000), st.floats(0.0, 1e6))
def test_a_report_is_due_at_its_moment(rate, number, start):
    plan = Plan(start, rate, 2001)
    assert plan.due(plan.moment(number) + 1e-3 / rate + 1e-9 * start) >= number + 1
    assert plan.due(plan.moment(number) - 1e-3 / rate - 1e-9 * start) <= number + 1e-4 * start * rate


@must_meet("nothing due", "a full slice", "a part of one")
@given(st.lists(st.floats(0.0, 1.0), max_size=20))
@example([0.0, 0.05, 1.0])
def test_each_report_goes_out_once_however_the_time_is_cut(met, pauses):
    tally = Tally()
    pairs = [online(number, tally) for number in range(3)]
    loop, now, frames = OpenLoop(Plan(0.0, 100.0, 500), [terminal for terminal, _ in pairs], tally), 0.0, []
    for pause in [*pauses, 5.0, 0.0]:
        now += pause
        due = list(loop.send_due(now, STAMP))
        assert len(due) <= SLICE
        met["a full slice" if len(due) == SLICE else "a part of one" if due else "nothing due"] += 1
        frames += due
    assert [which for which, _ in frames] == [number % 3 for number in range(500)]
    assert len({(which, frame) for which, frame in frames}) == 500
    assert loop.next_moment is None


@pytest.mark.parametrize("edition", Edition)
def test_a_refused_login_ends_it(edition):
    terminal, _ = online(0, Tally(), edition)
    refused = build_frame(Message.REGISTER_ANSWER, terminal.phone, 1, b"\0\1\4", edition)
    assert terminal.connected()
    assert terminal.receive(refused, 0.0) == b""
    assert terminal.phase is Phase.REFUSED


def answered(terminal, serial, result):
    body = answer_body(serial, Message.LOCATION, result)
    return terminal.receive(build_frame(Message.PLATFORM_ANSWER, terminal.phone, 9, body, terminal.edition), 1.5)


def test_refusals_and_answers_to_nothing_are_counted_apart():
    tally = Tally()
    terminal, platform = online(0, tally)
    for frame in (terminal.report(1.0, STAMP), terminal.report(1.1, STAMP)):
        tally.note_send(1.0, 1.0)
        platform.feed(frame)
    first, second = (frame.serial for frame in platform.received[-2:])
    answered(terminal, first, 1)
    answered(terminal, second, 0)
    answered(terminal, second, 0)
    assert (tally.sent, tally.refused, tally.latency.count, tally.unexpected, tally.unanswered) == (2, 1, 1, 1, 0)
    assert tally.latency.greatest == pytest.approx(0.4)


def test_serials_go_round():
    tally = Tally()
    terminal, platform = online(0, tally)
    for number in range(65_600):
        tally.note_send(number, number)
        assert terminal.receive(platform.feed(terminal.report(number, STAMP)), number + 0.5) == b""
        platform.received.clear()
    assert (tally.latency.count, tally.unanswered) == (65_600, 0)
    assert tally.latency.greatest == 0.5


def test_an_order_is_answered_as_not_supported():
    terminal, _ = online(0, Tally())
    answer = terminal.receive(build_frame(Message.TEXT, terminal.phone, 77, b"\1hello", terminal.edition), 0.0)
    (received,) = FrameReader().feed(answer)
    assert (received.message, received.body) == (Message.TERMINAL_ANSWER, answer_body(77, Message.TEXT, NOT_SUPPORTED))
