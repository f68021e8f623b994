"""What is usual: how many fall silent by chance is never an outage, what is many more is one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gateway.engine.together import EVERYBODY, MOST, Faint, begin, dark_group, groups_of, learn
from gateway.engine.usual import LEAST, LONGEST, WINDOW, Usual, tail

DAY = 86_400.0
EPOCH = 20_000 * DAY
DAYS = 6
CARRIERS = (460 << 34 | 0 << 24 | 7001, 460 << 34 | 0 << 24 | 7002, 460 << 34 | 1 << 24 | 9001)


class County:
    """So many bracelets of three network areas and four offices."""

    def __init__(self, count: int) -> None:
        self.count, self.faint, self.usual = count, dict[str, Faint](), dict[str, Usual]()
        begin(self.usual, EPOCH)

    def groups(self, number: int) -> tuple[str, ...]:
        return groups_of(CARRIERS[number % 3], f"S{number % 4}")

    def falls_silent(self, number: int, now: float) -> str:
        """Which group is dark by it."""
        key, groups = str(number), self.groups(number)
        self.faint.pop(key, None)
        self.faint[key] = Faint(now, now - 600.0, groups)
        learn(self.usual, groups, now)
        return dark_group(self.usual, self.faint, groups, now, self.count)


def by_chance(draw: np.random.Generator, count: int) -> list[float]:
    """When somebody falls silent, over days: each for himself, more by day than by night, most at two rush hours."""
    often = draw.uniform(0.2, 4.0)
    hour = np.arange(24)
    busy = 0.3 + np.exp(-(((hour - 8) / 1.5) ** 2)) + np.exp(-(((hour - 18) / 2.0) ** 2))
    expected = np.tile(often * count * busy / busy.sum(), DAYS)
    number = draw.poisson(expected)
    hours = np.repeat(np.arange(24 * DAYS), number) + draw.uniform(size=number.sum())
    return np.sort(EPOCH + 3600.0 * hours).tolist()


@pytest.mark.parametrize(
    ("seeds", "count"),
    [(30, 40), (8, 300), *(pytest.param(100, count, marks=pytest.mark.torture) for count in (40, 300))],
)
def test_many_seeds_without_an_outage_raise_none_and_then_find_one(seeds, count):
    fewest = []
    for seed in range(seeds):
        draw, county = np.random.default_rng(seed), County(count)
        said = [county.falls_silent(int(draw.integers(count)), time) for time in by_chance(draw, count)]
        assert not any(said)
        assert len(said) > count
        dark = [number for number in range(count) if number % 3 == 2 or number % 12 == 0]
        now = EPOCH + (DAYS + 0.6) * DAY
        found = [county.falls_silent(each, now + 300.0 * at / len(dark)) for at, each in enumerate(dark)]
        assert any(found)
        fewest.append(next(at for at, group in enumerate(found) if group))
    assert min(fewest) >= LEAST - 1
    assert np.median(fewest) < 0.5 * len(dark)


def test_the_narrowest_group_that_holds_them_is_dark():
    county = County(120)
    for day in range(4):
        county.falls_silent(day, EPOCH + (day + 0.5) * DAY)
    now = EPOCH + 4.5 * DAY
    said = [county.falls_silent(each, now + each) for each in range(2, 120, 3)]
    assert {each for each in said if each} == {"area:460-01-9001"}


def test_who_falls_silent_everywhere_at_once_is_everybodys_outage():
    county = County(120)
    for day in range(4):
        county.falls_silent(day, EPOCH + (day + 0.5) * DAY)
    now = EPOCH + 4.5 * DAY
    said = [county.falls_silent(each, now + each) for each in range(120)]
    assert next(each for each in said if each) == EVERYBODY


CASES = [(1, 1.0, 0.5), (11, 3.0, 6.4), (40, 200.0, 20.0), (9, 1.0, 180.0)]


@pytest.mark.parametrize(("count", "shape", "rate"), CASES)
def test_the_tail_is_that_of_poisson_draws_whose_rate_is_gamma_distributed(count, shape, rate):
    step = 1e-3
    rates = np.arange(step / 2, 60.0, step)
    weights = np.exp(shape * math.log(rate) - math.lgamma(shape) + (shape - 1.0) * np.log(rates) - rate * rates) * step
    draws = np.arange(count)[:, None]
    below = np.exp(
        draws * np.log(rates) - rates - np.array([math.lgamma(each + 1.0) for each in range(count)])[:, None]
    )
    assert tail(count, shape, rate) == pytest.approx(float(weights @ (1.0 - below.sum(0))), rel=1e-3, abs=1e-12)


def test_nothing_is_unusual_in_a_large_county_that_is_not_known_yet():
    usual = Usual(int(EPOCH // WINDOW))
    assert not usual.is_unusual(300, EPOCH, 10_000)
    assert usual.is_unusual(9_000, EPOCH, 10_000)


def test_a_month_of_nothing_is_learnt_as_a_week_and_a_clock_that_went_back_as_nothing():
    usual = Usual(int(EPOCH // WINDOW))
    usual.reach(EPOCH + 30 * DAY)
    learnt = sum(hour.windows for hour in usual.hours)
    assert LONGEST * 0.8 < learnt <= LONGEST
    usual.reach(EPOCH)
    assert sum(hour.windows for hour in usual.hours) == learnt
    assert math.isclose(usual.slot * WINDOW, EPOCH, abs_tol=WINDOW)


def test_groups_are_bounded_and_those_that_failed_last_stay():
    usual: dict[str, Usual] = {}
    begin(usual, EPOCH)
    for number in range(MOST + 50):
        learn(usual, (f"area:460-00-{number}", EVERYBODY), EPOCH + number)
    assert len(usual) == MOST
    assert EVERYBODY in usual
    assert "area:460-00-0" not in usual
    assert f"area:460-00-{MOST + 49}" in usual
