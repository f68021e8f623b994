"""What tests must have met is asked of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from met import counted, must_meet, work_of


@must_meet("small", "large")
@given(st.integers(0, 9))
def test_a_property_that_meets_its_cases_holds(met, number):
    met["small" if number < 5 else "large"] += 1


@must_meet("small", "negative")
@given(st.integers(0, 9))
def met_in_part(met, number):
    met["small"] += number >= 0


def test_a_case_that_is_never_met_is_a_failure_that_names_it():
    with pytest.raises(AssertionError, match=r"never met.*small"):
        met_in_part()


def test_how_often_may_be_asked_for():
    seldom = must_meet("met", times=3)(given(st.just(0))(lambda met, _: met.update(met=1)))
    with pytest.raises(AssertionError, match=r"never met 3 times.*'met': 1"):
        seldom()


@pytest.mark.parametrize("width", [1, 2])
@must_meet("met")
@given(number=st.integers(0, 9))
def test_parameters_and_fixtures_stay(width, met, number, tmp_path_factory):
    assert tmp_path_factory
    met["met"] += width > number - 10


def test_calls_are_counted_and_done(monkeypatch):
    calls = counted(monkeypatch, pytest, "approx")
    assert pytest.approx(1.0) == 1.0
    assert calls == {"approx": 1}


def test_work_is_counted_in_calls_and_is_the_same_each_time():
    def deed(count):
        return lambda: [abs(number) for number in range(count)]

    assert work_of(deed(100)) == work_of(deed(100))
    assert work_of(deed(200)) - work_of(deed(100)) == 100
