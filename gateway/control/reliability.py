"""Whether alarms hold what they state: the probability they were raised with against what persons found at the close.

Only alarms closed as confirmed or as false count; the other outcomes say nothing of the condition, and their number
stands beside. Figures are of kinds, of offices and of models of device, never of persons; of fewer than three closes
there are none.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.engine import CloseOutcome
from gateway.intervals import wilson
from gateway.kinds import TRIALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gateway.engine import Episode
    from gateway.settings.model import Device

LEAST: Final = 3
"""Closes of which figures are given at all: fewer would be about somebody."""
ENOUGH: Final = 20
"""Closes from which on a difference is called a drift."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Closes of one kind (``by`` empty), or of it by ``office`` or ``model``, whose name is ``name``.

    Attributes:
        judged: closed as confirmed or false; None: fewer than ``LEAST``, and nothing further is told.
        confirmed: of those, the confirmed.
        others: closed with another outcome.
        stated: mean probability with which those were raised that state one, 0 to 1; None: none does.
        share: confirmed of those that state one; of all, where none does.
        lower95, upper95: the share's Wilson interval.
        is_few: fewer than ``ENOUGH``.
        drift: ``over`` (states more than it holds) or ``under``; empty: neither can be said.
    """

    kind: str
    by: str
    name: str
    judged: int | None
    confirmed: int | None = None
    others: int | None = None
    stated: float | None = None
    share: float | None = None
    lower95: float | None = None
    upper95: float | None = None
    is_few: bool = True
    drift: str = ""


def reliability(episodes: Iterable[Episode], devices: Mapping[str, Device]) -> list[Reliability]:
    """All rows, by kind, each kind's whole first, then offices and models by name; no episode is held."""
    held: dict[tuple[str, str, str], _Closed] = defaultdict(_Closed)
    for one in episodes:
        if one.closed is not None and not one.retracted and one.kind not in TRIALS:
            for key in _keys(one, devices):
                held[key].count(one)
    return [_row(key, held[key]) for key in sorted(held)]


@dataclass(slots=True)
class _Closed:
    """What is counted of some closes.

    Attributes:
        judged, confirmed: closed as confirmed or false; as confirmed.
        others: with another outcome.
        chances: the probabilities that were stated by those that were judged.
        stated_confirmed: as ``confirmed``, of those that state one.
    """

    judged: int = 0
    confirmed: int = 0
    others: int = 0
    chances: array[float] = field(default_factory=lambda: array("d"))
    stated_confirmed: int = 0

    def count(self, one: Episode) -> None:
        if one.outcome not in {CloseOutcome.CONFIRMED, CloseOutcome.FALSE}:
            self.others += 1
            return
        is_confirmed = one.outcome == CloseOutcome.CONFIRMED
        self.judged, self.confirmed = self.judged + 1, self.confirmed + is_confirmed
        if one.probability is not None:
            self.chances.append(one.probability)
            self.stated_confirmed += is_confirmed


def drifts(rows: Iterable[Reliability]) -> list[Reliability]:
    """Those of which an operator is to be told."""
    return [row for row in rows if row.drift]


def _keys(one: Episode, devices: Mapping[str, Device]) -> Iterator[tuple[str, str, str]]:
    device = devices.get(one.device)
    yield one.kind, "", ""
    if one.office:
        yield one.kind, "office", one.office
    if device is not None:
        yield one.kind, "model", "/".join(part for part in (device.protocol, device.profile) if part)


def _row(key: tuple[str, str, str], closed: _Closed) -> Reliability:
    if closed.judged < LEAST:
        return Reliability(*key, judged=None)
    chances = closed.chances
    true, counted = (closed.stated_confirmed, len(chances)) if chances else (closed.confirmed, closed.judged)
    lower, upper = wilson(true, counted)
    stated = math.fsum(chances) / len(chances) if chances else None
    return Reliability(
        *key, judged=closed.judged, confirmed=closed.confirmed, others=closed.others, stated=stated,
        share=true / counted, lower95=lower, upper95=upper, is_few=counted < ENOUGH,
        drift=_drift(stated, (lower, upper), counted),
    )  # fmt: skip


def _drift(stated: float | None, interval: tuple[float, float], count: int) -> str:
    if stated is None or count < ENOUGH:
        return ""
    lower, upper = interval
    return "over" if stated > upper else "under" if stated < lower else ""
