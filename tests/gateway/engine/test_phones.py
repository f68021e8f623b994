"""Phones located by their carrier: region, absent, off; never a curfew, a small zone or a place from silence."""

import math

import pytest
from timeline import (
    ABROAD,
    CAFE,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    RULES,
    SQUARE,
    Timeline,
    alarm_policies,
    at,
    authority,
    brief,
    clock,
    degrees,
    leave,
    of_wearers,
    raised,
    zones,
)  # fmt: skip

from gateway.journal.entries import EntryKind, Origin
from gateway.settings.model import (
    Assignment,
    Authority,
    AuthorityKind,
    Circle,
    Device,
    Rule,
    ZoneDefinition,
)

ORIGIN = Origin("F0001", "carrier", "", "mlp", "wgs84-opening")
FAR = (40_000.0, 0.0)
OFF_AFTER = 3 * HOUR


BEGUN, ENDS = at(-30, 0), at(55, 0)


def phone_check(start=BEGUN, until=ENDS):
    return Authority("P0001", AuthorityKind.PHONE_CHECK, None, "notice 7", "head A", at(-31, 0), start, until)


def told_of(*authorities, devices=(), assignments=(), **changes):
    """A county where P0001 has a phone, F0001."""
    phone = Device("F0001", "mlp", "13800000001", "", carrier="mobile")
    return Timeline.of(
        devices={one.device: one for one in (phone, *devices)},
        assignments=(Assignment("F0001", "P0001", at(-30, 0), FOREVER), *assignments),
        authorities=authorities or (phone_check(),),
        alarms=alarm_policies(silence=HOUR),
        **changes,
    )


def place(told, time, where, *, received=None, radius=500, device=ORIGIN.device):
    told.located(time, where, time + 2.0 if received is None else received, radius, device)


def fails(told, time, code):
    raw = f'<pos><msid>13800000001</msid><poserr><result resid="{code}">no</result></poserr></pos>'
    told.waiting.add(EntryKind.FRAME, time, ORIGIN, raw.encode())


def absent(told, start, until, every=0.5 * HOUR):
    time = start
    while time <= until:
        fails(told, time, 5)
        time += every


def test_a_phone_far_outside_its_region_is_told_after_several_answers_and_cleared_on_return():
    told = told_of()
    place(told, at(0, 13), HOME)
    for step in range(4):
        place(told, at(0, 14) + step * 30 * MINUTE, FAR)
    for step in range(5):
        place(told, at(0, 17) + step * 30 * MINUTE, HOME)
    events = told.run()
    assert brief(events) == [("raised", "region_unauthorised"), ("cleared", "region_unauthorised")]
    data = events[0]["data"]
    assert clock(data["onset"]) == at(0, 14)
    assert clock(data["decided"]) == at(0, 15) + 2.0
    assert (data["zone"], data["basis"], data["device"], data["person"]) == ("square", "order 1", "F0001", "P0001")


@pytest.mark.parametrize("answers", [1, 2])
def test_a_mast_across_the_border_heard_once_or_twice_raises_nothing(answers):
    told = told_of()
    place(told, at(0, 13), HOME)
    for step in range(answers):
        place(told, at(0, 14) + step * 30 * MINUTE, FAR)
    for step in range(4):
        place(told, at(0, 15.5) + step * 30 * MINUTE, HOME)
    assert told.run() == []


def test_many_answers_in_one_minute_are_one_masts():
    told = told_of()
    place(told, at(0, 13), HOME)
    for step in range(8):
        place(told, at(0, 14) + step * 10.0, FAR)
    assert told.run() == []


@pytest.mark.parametrize(("shift", "wider"), [(0.0, 0), (0.0, 1), (100.0, 0)])
def test_an_answer_of_the_same_time_is_the_same_fix_however_it_is_told(shift, wider):
    told = told_of()
    for step in range(8):
        there, received = (40_000.0 + shift * step, 0.0), at(0, 13) + step * 7 * MINUTE
        place(told, at(0, 13), there, received=received, radius=500 + wider * step)
    assert told.run() == []
    assert told.counts["report_repeated"] == 7


def test_an_old_place_is_no_observation():
    told = told_of()
    for step in range(6):
        time = at(0, 13) + step * 30 * MINUTE
        place(told, time, FAR, received=time + 5 * HOUR)
    assert told.run() == []
    assert told.counts["phone_place_old"] == 6


def test_a_place_no_surer_than_the_region_is_wide_says_nothing():
    told = told_of()
    for step in range(6):
        place(told, at(0, 13) + step * 30 * MINUTE, FAR, radius=9000)
    assert told.run() == []
    assert told.counts["phone_place_too_coarse"] == 6


def test_a_phone_decides_no_curfew_no_barred_place_and_no_small_zone():
    home = ZoneDefinition("flat", "the flat", (Circle("flat", *degrees(HOME), 300.0),))
    told = told_of(
        zones=zones() | {"flat": home},
        rules=(*RULES.values(), Rule("flat", ("P0001",), "order 9", stay_inside="flat")),
    )
    for step in range(20):
        place(told, at(0, 21) + step * 30 * MINUTE, CAFE, radius=100)
    told.tick(at(1, 12))
    assert told.run() == []


def test_leave_mutes_the_region():
    told = told_of(leave=(leave(at(0, 0), at(2, 0)),))
    for step in range(6):
        place(told, at(0, 13) + step * 30 * MINUTE, FAR)
    assert told.run() == []


def test_a_phone_that_nobody_asked_is_not_silent():
    told = told_of()
    place(told, at(0, 13), HOME)
    told.tick(at(2, 13))
    assert told.run() == []


def test_absent_for_the_limit_is_off_and_a_new_place_ends_it():
    told = told_of()
    place(told, at(0, 12.5), HOME)
    absent(told, at(0, 13), at(0, 17))
    place(told, at(0, 18), HOME)
    events = told.run()
    assert brief(events) == [("raised", "phone_off"), ("cleared", "phone_off")]
    data = events[0]["data"]
    assert clock(data["onset"]) == at(0, 13)
    assert f"运营商自13:00起{data['facts']['answers']}次报关机" in data["text"]["zh"]
    assert data["facts"]["answers"] > 1
    assert clock(data["decided"]) == at(0, 13) + OFF_AFTER
    assert clock(events[1]["data"]["ended"]) == at(0, 18)


def test_absent_for_less_is_nothing_and_a_place_between_begins_anew():
    told = told_of()
    absent(told, at(0, 13), at(0, 15.5))
    place(told, at(0, 15.75), HOME)
    absent(told, at(0, 16), at(0, 18.5))
    assert told.run() == []


def test_yesterdays_place_does_not_end_an_absence():
    told = told_of()
    place(told, at(0, 12.5), HOME)
    absent(told, at(0, 13), at(0, 14))
    place(told, at(0, 12.75), HOME, received=at(0, 14.5))
    absent(told, at(0, 15), at(0, 17))
    assert brief(told.run()) == [("raised", "phone_off")]


@pytest.mark.parametrize("code", [4, 6, 7, 101, 201, 203])
def test_other_failures_prove_nothing(code):
    told = told_of()
    for step in range(20):
        fails(told, at(0, 13) + step * 30 * MINUTE, code)
    assert told.run() == []
    assert "clock_fault" not in told.counts
    assert "report_repeated" not in told.counts


def test_our_own_downtime_is_not_the_phones():
    told = told_of()
    absent(told, at(0, 13), at(0, 14))
    told.stop(at(0, 14.25))
    told.start(at(0, 20))
    absent(told, at(0, 20.25), at(0, 21.7))
    assert told.run() == []
    absent(told, at(0, 21.75), at(0, 22))
    assert brief(told.run()) == [("raised", "phone_off")]


def test_a_bracelets_authority_lends_nothing_to_a_phone_nor_the_other_way():
    told = told_of(authority("P0001"))
    for step in range(6):
        place(told, at(0, 13) + step * 30 * MINUTE, FAR)
    absent(told, at(0, 16), at(0, 20))
    assert told.run() == []
    assert told.counts["report_without_authority"] > 0
    bracelet = Device("B0001", "jt808", "13900000001", "g10ls")
    worn = Assignment("B0001", "P0001", at(-30, 0), FOREVER)
    both = told_of(phone_check(), devices=(bracelet,), assignments=(worn,))
    both.stay(ABROAD, at(0, 13), at(0, 15), 60.0)
    assert both.run() == []


def test_a_phone_at_home_does_not_hide_a_bracelet_abroad():
    bracelet = Device("B0001", "jt808", "13900000001", "g10ls")
    worn = Assignment("B0001", "P0001", at(-30, 0), FOREVER)
    told = told_of(phone_check(), authority("P0001"), devices=(bracelet,), assignments=(worn,))
    for step in range(12):
        told.report(at(0, 12.25) + 600.0 * step, (SQUARE + 4000.0, 0.0))
        place(told, at(0, 12.25) + 600.0 * step + 100.0, HOME)
    assert sorted(data["kind"] for data in raised(told.run())) == ["inclusion_exit", "phone_apart"]


def test_a_phone_says_nothing_after_its_authority_has_ended():
    told = told_of(phone_check(until=at(0, 14)))
    absent(told, at(0, 13), at(0, 20))
    for step in range(6):
        place(told, at(0, 15) + step * 30 * MINUTE, FAR)
    assert of_wearers(told.run()) == []


def test_the_order_of_a_cut_log_does_not_matter():
    def story(told, every):
        for step in range(12):
            place(told, at(0, 13) + step * 20 * MINUTE, FAR if 3 <= step < 9 else HOME)
            fails(told, at(0, 13) + step * 20 * MINUTE + 300.0, 5)
            if every and step % every == 0:
                told.run()
        told.run()
        return told.events

    assert story(told_of(), 0) == story(told_of(), 1) == story(told_of(), 5) != []


def test_an_absent_phone_moves_nobody():
    told = told_of()
    place(told, at(0, 13), HOME)
    absent(told, at(0, 13.5), at(0, 16))
    told.run()
    assert math.hypot(float(told.state.track["x"][0]), float(told.state.track["y"][0])) < 1.0
