"""From a signed distance and its error to IN, OUT or UNKNOWN: evidence that accumulates, hysteresis that decides.

Positive log-odds speak for OUT (the rule is broken), negative ones for IN. The verdict, by evidence and what it was:

    log-odds                      was IN    was UNKNOWN  was OUT
    >= raise_at                   OUT       OUT          OUT
    above BAND, below raise_at    UNKNOWN   UNKNOWN      OUT
    -BAND to BAND                 UNKNOWN   UNKNOWN      UNKNOWN
    above -clear_at, below -BAND  IN        UNKNOWN      UNKNOWN
    <= -clear_at                  IN        IN           IN

Evidence beyond BAND is a run. A verdict becomes IN or OUT only once ENOUGH fixes of the run lie on its side by
themselves, less those that do not: a single one decides nothing, however far it lies, however long the silence before
it, and however much the fused place still remembers it when the next one comes.

How a fix counts (design section 7; its influence is bounded as in Huber, "Robust estimation of a location parameter",
Annals of Mathematical Statistics 35, 1964):

* Position errors are correlated over ``time_constant_s``: a fix counts ``1 - exp(-elapsed / time_constant)`` of an
  independent one, and at most MOST_WEIGHT, as some errors belong to the place. The first counts FIRST_WEIGHT.
* On either side only what exceeds MARGIN counts: a place within 1.3 sigma of the boundary says neither. An error of 1.5
  sigma that stays for hours leads, however often it is repeated, to at most SLOW * (2.63 - MARGIN) = 4.3, short of
  the 4.6 of 99 %. One of 2 sigma that stays is no error any more: at a fix a minute and a time constant of 90 s it
  takes ten fixes from the surest IN to OUT, 2.5 sigma five, 3 sigma four, 4 sigma three (two from UNKNOWN).
* One fix counts at most LIMIT, just enough for 99 % if it is independent, so that two in a row decide however seldom
  fixes come. From 6 sigma on it counts OVERWHELMING for OUT: at a fix each 15 seconds two minutes find what would
  take three.
* Evidence fades: slowly (SLOW time constants) while new fixes agree or say nothing, fast where they contradict, so that
  an old certainty does not outlive a real change.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from fencing.normal import normal_cdf

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from fencing.arithmetic import Arithmetic

    Floats = NDArray[np.float64]

Value = Any
"""A number or bool, or an array of them (n,)."""
FIRST_WEIGHT, MOST_WEIGHT = 0.5, 0.85
MARGIN = 2.2
"""Log-odds of 1.28 sigma: what a fix says for either side counts from here on."""
LEANS = 0.9
"""The same as a probability."""
LIMIT = 5.5
OVERWHELMING = 7.0
OVERWHELMING_FROM, OVERWHELMING_AT = 18.35, 20.72
"""Log-odds of 5.6 and 6 sigma, between which the limit rises."""
SLOW, FAST = 10.0, 0.5
"""Time of fading in time constants: agreeing, contradicting."""
BAND = 0.5
ENOUGH = 2
"""Fixes that a verdict needs: one alone may be a reflection or a spoofed signal."""
APART = 10.0
"""Seconds: a fix sooner after one that counted is the same one told again."""
LEAST_PROBABILITY = 1e-12


class Verdict(IntEnum):
    """What is known about a person and a rule; stored as uint8."""

    UNKNOWN = 0
    IN = 1
    OUT = 2


UNKNOWN, IN, OUT = (int(verdict) for verdict in (Verdict.UNKNOWN, Verdict.IN, Verdict.OUT))
"""Plain numbers for what goes on millions of times."""


def probability_inside(distance_m: ArrayLike, sigma_m: ArrayLike) -> Floats:
    """Probability that the true place is inside, given a signed distance with a normal error.

    Args:
        distance_m: (n,), positive inside, metres.
        sigma_m: (n,), standard deviation across the boundary, metres. Zero: the sign of the distance decides.

    Returns:
        float64 (n,); 0.5 where distance or sigma is NaN, sigma is negative, or both are zero.
    """
    distance, sigma = np.asarray(distance_m, np.float64), np.asarray(sigma_m, np.float64)
    # What the division cannot say (nothing known, a sigma below zero) becomes NaN, then even odds.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = np.where(sigma >= 0.0, distance / sigma, np.nan)
    return normal_cdf(np.where(np.isnan(z), 0.0, z))


@dataclass(slots=True)
class Said:
    """What a fix adds to the evidence, whatever that is so far: a number each, or arrays (n,).

    ``first``: there was none before it; ``amount``: log-odds for OUT, by its weight; ``fast``, ``slow``: parts of the
    evidence that are left where the fix contradicts it, and else.
    """

    first: Value
    amount: Value
    fast: Value
    slow: Value


def said_of(probability_out: ArrayLike, elapsed_s: ArrayLike, time_constant_s: ArrayLike) -> Said:
    """What fixes add to the evidence of their rows.

    Args:
        probability_out: (n,), what each says for OUT by itself; NaN says nothing.
        elapsed_s: (n,), seconds since the fix before; NaN: there was none, evidence starts afresh. Below 0 counts as 0,
            and after 0 seconds nothing is learnt.
        time_constant_s: of the errors' correlation; one for all, or (n,).
    """
    elapsed = np.asarray(elapsed_s, np.float64)
    sample = _sample(np.ascontiguousarray(probability_out, np.float64))
    first = np.isnan(elapsed)
    age = np.where(first, 0.0, np.maximum(elapsed, 0.0)) / np.asarray(time_constant_s, np.float64)
    weight = np.where(first, FIRST_WEIGHT, np.minimum(1.0 - np.exp(-age), MOST_WEIGHT))
    return Said(first, weight * sample, np.exp(-age / FAST), np.exp(-age / SLOW))


def add(log_odds: Value, said: Said, cap: float, a: Arithmetic) -> Value:
    """Evidence with one fix more, between ``-cap`` and ``cap``: columns or floats.

    Never lower for more evidence before, or for a fix that says more for OUT.
    """
    kept = log_odds * a.where(said.amount * log_odds < 0.0, said.fast, said.slow)
    return a.minimum(a.maximum(a.where(said.first, 0.0, kept) + said.amount, -cap), cap)


def counts(lies: Value, since_counted_s: Value, a: Arithmetic) -> Value:
    """Which fixes count in a run: those on either side, APART or more from the last that counted; columns or floats.

    Measured from the last fix instead, nothing would ever count of a device that reports more often than that.

    Args:
        lies: where the fix lies by itself: above 0 OUT, below 0 IN, 0 on the boundary.
        since_counted_s: seconds since the last fix that counted; NaN: there was none.
        a: what to reckon with.
    """
    return a.where(since_counted_s < APART, False, lies != 0.0)  # noqa: FBT003  numpy's values


def runs_on(
    run: Value, before: Value, after: Value, lies: Value, counting: Value, a: Arithmetic
) -> Value:  # fmt: skip
    """The present run of evidence with one fix more: columns or floats.

    Args:
        run: the count before this fix.
        before: evidence before it; a run is over when it leaves its side of BAND.
        after: evidence with it.
        lies: where the fix lies by itself: 1 OUT, -1 IN, 0 on the boundary.
        counting: whether it counts (:func:`counts`).
        a: what to reckon with.

    Returns:
        Fixes on the side of the run, less those on the other; 0 within BAND, never below.
    """
    now = side(after, a)
    held = a.where(side(before, a) == now, run, 0)
    return a.where(now == 0, 0, a.maximum(held + a.where(counting, lies * now, 0), 0))


def side(log_odds: Value, a: Arithmetic) -> Value:
    """1 where evidence speaks for OUT, -1 for IN, 0 within BAND: columns or floats."""
    return a.where(log_odds > BAND, 1, a.where(log_odds < -BAND, -1, 0))


def lean(probability_out: ArrayLike) -> NDArray[np.int8]:
    """1 where a place lies beyond MARGIN outside, -1 inside, 0 near the boundary or unknown: int8 of the same shape."""
    said = np.asarray(probability_out, np.float64)
    return (said >= LEANS).astype(np.int8) - (said <= 1.0 - LEANS).astype(np.int8)


def judged(previous: Value, log_odds: Value, run: Value, bounds: tuple[float, float], a: Arithmetic) -> Value:
    """A value of :class:`Verdict` by the table above: columns or floats.

    Args:
        previous: the verdict before.
        log_odds: evidence; NaN is UNKNOWN.
        run: fixes it rests on (:func:`runs_on`).
        bounds: log-odds from which it is OUT, and below whose negative it is IN; both above BAND.
        a: what to reckon with.
    """
    founded, now = run >= ENOUGH, side(log_odds, a)
    out = (founded & (log_odds >= bounds[0])) | ((now > 0) & (previous == OUT))
    within = (founded & (log_odds <= -bounds[1])) | ((now < 0) & (previous == IN))
    return a.where(out, OUT, a.where(within, IN, UNKNOWN))


def posterior(log_odds: ArrayLike) -> Floats:
    """Probability of OUT that log-odds stand for: ``1 / (1 + exp(-log_odds))``, float64 of the same shape."""
    evidence = np.ascontiguousarray(log_odds, np.float64)
    rise = np.exp(-np.abs(evidence))
    return (np.where(evidence < 0.0, rise, 1.0) / (1.0 + rise)).reshape(np.shape(log_odds))


def _sample(probability: Floats) -> Floats:
    """Log-odds that one independent fix adds: margin and limits applied."""
    bounded = np.clip(np.where(np.isnan(probability), 0.5, probability), LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY)
    said = np.log(bounded / (1.0 - bounded))
    beyond = (said - OVERWHELMING_FROM) / (OVERWHELMING_AT - OVERWHELMING_FROM)
    limit = LIMIT + (OVERWHELMING - LIMIT) * np.clip(beyond, 0.0, 1.0)
    out = np.minimum(np.maximum(said - MARGIN, 0.0), limit)
    return np.where(said > 0.0, out, np.maximum(np.minimum(said + MARGIN, 0.0), -LIMIT))
