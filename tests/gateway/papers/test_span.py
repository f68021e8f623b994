"""Since when a sheet tells where nobody says."""

from __future__ import annotations

import msgspec
from seen_county import NOW
from sheet import begin
from timeline import at, county

from gateway.papers.paper import begun
from gateway.papers.span import DAY, begins
from gateway.settings.alarm_policy import Duty

NIGHT = county(duty=(Duty("night", ("D01",), 18 * 60, 9 * 60), Duty("always", ("D01", "D02"))))


def ended(until: float, frozen: float = NOW):
    return msgspec.structs.replace(begun(begin(), NOW), until=until, frozen=frozen)


def test_it_goes_on_where_the_last_signed_one_ended():
    before = [ended(at(1, 7), frozen=0.0), ended(at(0, 21.75)), ended(at(0, 8)), ended(NOW + 1)]
    assert begins("hand_over", before, NIGHT, "D01", NOW) == at(0, 21.75)


def test_the_first_of_all_goes_back_to_when_the_duty_began_or_half_a_day():
    assert begins("hand_over", [], NIGHT, "D01", NOW) == at(0, 18)
    assert begins("hand_over", [], NIGHT, "D02", NOW) == NOW - DAY / 2
    assert begins("daily", [], NIGHT, "D01", NOW) == NOW - DAY
