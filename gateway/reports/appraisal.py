"""The score table of offices: their work by shares with weights, and no order where the figures do not bear one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gateway.reports.cases import NOBODY, QUESTIONS, share_of
from gateway.reports.shares import LEAST, Share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.reports.cases import Counting

Shares = dict[str, Share]


@dataclass(frozen=True, slots=True)
class Score:
    """Of one office.

    Attributes:
        cases: alarms that asked for somebody: fewer than ten are compared with nobody.
        shares: by measure; of those without a case there is none.
        points: 0 to 100, weighted; ``low``, ``high``: the same of both ends of each share's 95 % interval, which is
            wider than 95 %: it errs towards no order. None: nothing is counted.
        place: 1 for the best; None: none is given, ``why``: ``few`` cases, ``together`` with another whose interval
            overlaps, or ``alone``.
    """

    office: str
    cases: int
    shares: Shares
    points: float | None
    low: float
    high: float
    place: int | None = None
    why: str = ""


EARLY: Final = "early"
MEASURES: Final = (*QUESTIONS, EARLY)
"""What is judged: acknowledged in time, closed in time, somebody called or went there before a finding, and bracelets
lifted early among all that ended or were extended."""


def appraise(counting: Counting, early: Mapping[str, Share]) -> tuple[Score, ...]:
    """The scores of all offices that had anything to do, by their codes: the table's order is no order of merit.

    Args:
        counting: the cases of the period.
        early: by office, bracelets lifted early among those that could be (:func:`gateway.reports.necessity.early`).
    """
    offices = sorted(({one.office for one in counting.cases} | early.keys()) - {NOBODY, ""})
    scores = [_score(each, counting, early.get(each, Share(0, 0))) for each in offices]
    return tuple(_placed(one, scores) for one in scores)


def _score(office: str, counting: Counting, early: Share) -> Score:
    mine, weights = [one for one in counting.cases if one.office == office], counting.settings.weights
    shares = {name: share_of(counting.answer(name, one) for one in mine) for name in QUESTIONS} | {EARLY: early}
    asked = sum(one.asks for one in mine)
    weighed = [(weights[name], share) for name, share in shares.items() if share.count]
    whole = sum(weight for weight, _ in weighed)
    if not whole:
        return Score(office, asked, shares, None, 0.0, 100.0)
    points, low, high = (sum(weight * of(share) for weight, share in weighed) / whole for of in (_percent, _low, _high))
    return Score(office, asked, shares, points, low, high)


def _percent(share: Share) -> float:
    return share.percent


def _low(share: Share) -> float:
    return share.interval[0]


def _high(share: Share) -> float:
    return share.interval[1]


def _placed(one: Score, scores: Sequence[Score]) -> Score:
    """With its place among those that have cases enough, or why it has none."""
    if one.cases < LEAST or one.points is None:
        return replace(one, why="few")
    others = [each for each in scores if each.cases >= LEAST and each.points is not None and each is not one]
    if not others:
        return replace(one, why="alone")
    if any(each.low <= one.high and one.low <= each.high for each in others):
        return replace(one, why="together")
    return replace(one, place=1 + sum(each.low > one.high for each in others))
