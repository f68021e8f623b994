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

import math
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import formula

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

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
ROOT_2 = math.sqrt(2.0)


class Verdict(IntEnum):
    """What is known about a person and a rule; stored as uint8."""

    UNKNOWN = 0
    IN = 1
    OUT = 2


UNKNOWN, IN, OUT = (int(verdict) for verdict in (Verdict.UNKNOWN, Verdict.IN, Verdict.OUT))
"""Plain numbers for what goes on millions of times."""


@formula
def probability_beyond(distance_m: float, sigma_m: float) -> float:
    """Probability that the true place is beyond a boundary, given its distance beyond with a normal error.

    Args:
        distance_m: positive beyond, metres.
        sigma_m: standard deviation across the boundary, metres. Zero: the sign of the distance decides.

    Returns:
        0.5 where distance or sigma is NaN, sigma is negative, or both are zero or infinite.
    """
    if math.isnan(distance_m) or not sigma_m >= 0.0 or (math.isinf(distance_m) and math.isinf(sigma_m)):
        return 0.5
    if sigma_m == 0.0:
        return 0.5 if distance_m == 0.0 else (1.0 if distance_m > 0.0 else 0.0)
    return 0.5 * math.erfc(-distance_m / (sigma_m * ROOT_2))


@formula
def add(log_odds: float, probability_out: float, elapsed_s: float, time_constant_s: float, cap: float) -> float:
    """Evidence with one fix more, between ``-cap`` and ``cap``.

    Never lower for more evidence before, or for a fix that says more for OUT.

    Args:
        log_odds: evidence before.
        probability_out: what the fix says for OUT by itself; NaN says nothing.
        elapsed_s: seconds since the fix before; NaN: there was none, evidence starts afresh. Below 0 counts as 0, and
            after 0 seconds nothing is learnt.
        time_constant_s: of the errors' correlation.
        cap: log-odds.
    """
    if math.isnan(elapsed_s):
        return min(max(FIRST_WEIGHT * sample(probability_out), -cap), cap)
    age = max(elapsed_s, 0.0) / time_constant_s
    amount = min(1.0 - math.exp(-age), MOST_WEIGHT) * sample(probability_out)
    kept = log_odds * math.exp(-age / (FAST if amount * log_odds < 0.0 else SLOW))
    return min(max(kept + amount, -cap), cap)


@formula
def counts(lies: float, since_counted_s: float) -> bool:
    """Whether a fix counts in a run: one on either side, APART or more from the last that counted.

    Measured from the last fix instead, nothing would ever count of a device that reports more often than that.

    Args:
        lies: where the fix lies by itself: above 0 OUT, below 0 IN, 0 on the boundary.
        since_counted_s: seconds since the last fix that counted; NaN: there was none.
    """
    return lies != 0.0 and not since_counted_s < APART


@formula
def runs_on(run: int, before: float, after: float, lies: float, counting: bool) -> int:  # noqa: FBT001  a formula
    """The present run of evidence with one fix more.

    Args:
        run: the count before this fix.
        before: evidence before it; a run is over when it leaves its side of BAND.
        after: evidence with it.
        lies: where the fix lies by itself: 1 OUT, -1 IN, 0 on the boundary.
        counting: whether it counts (:func:`counts`).

    Returns:
        Fixes on the side of the run, less those on the other; 0 within BAND, never below.
    """
    now = side(after)
    if now == 0:
        return 0
    held = run if side(before) == now else 0
    return max(held + (int(lies) * now if counting else 0), 0)


@formula
def side(log_odds: float) -> int:
    """1 where evidence speaks for OUT, -1 for IN, 0 within BAND."""
    if log_odds > BAND:
        return 1
    return -1 if log_odds < -BAND else 0


@formula
def lean(probability_out: float) -> int:
    """1 where a place lies beyond MARGIN outside, -1 inside, 0 near the boundary or unknown."""
    if probability_out >= LEANS:
        return 1
    return -1 if probability_out <= 1.0 - LEANS else 0


@formula
def judged(previous: int, log_odds: float, run: int, raise_at: float, clear_at: float, enough: int) -> int:
    """A value of :class:`Verdict` by the table above.

    Args:
        previous: the verdict before.
        log_odds: evidence; NaN is UNKNOWN.
        run: fixes it rests on (:func:`runs_on`).
        raise_at: log-odds from which it is OUT; above BAND.
        clear_at: log-odds below whose negative it is IN; above BAND.
        enough: fixes that a run needs; ENOUGH where nothing speaks against the place.
    """
    founded, now = run >= enough, side(log_odds)
    if (founded and log_odds >= raise_at) or (now > 0 and previous == OUT):
        return OUT
    if (founded and log_odds <= -clear_at) or (now < 0 and previous == IN):
        return IN
    return UNKNOWN


def posterior(log_odds: ArrayLike) -> Floats:
    """Probability of OUT that log-odds stand for: ``1 / (1 + exp(-log_odds))``, float64 of the same shape."""
    evidence = np.ascontiguousarray(log_odds, np.float64)
    rise = np.exp(-np.abs(evidence))
    return (np.where(evidence < 0.0, rise, 1.0) / (1.0 + rise)).reshape(np.shape(log_odds))


@formula
def sample(probability_out: float) -> float:
    """Log-odds that one independent fix adds: margin and limits applied."""
    if math.isnan(probability_out):
        return 0.0
    bounded = min(max(probability_out, LEAST_PROBABILITY), 1.0 - LEAST_PROBABILITY)
    said = math.log(bounded / (1.0 - bounded))
    if said <= 0.0:
        return max(min(said + MARGIN, 0.0), -LIMIT)
    beyond = (said - OVERWHELMING_FROM) / (OVERWHELMING_AT - OVERWHELMING_FROM)
    limit = LIMIT + (OVERWHELMING - LIMIT) * min(max(beyond, 0.0), 1.0)
    return min(max(said - MARGIN, 0.0), limit)
