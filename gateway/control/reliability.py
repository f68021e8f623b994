"""Whether alarms hold what they state: the probability they were raised with against what persons found at the close.

Only alarms closed as confirmed or as false count; the other outcomes say nothing of the condition, and their number
stands beside. Figures are of kinds, of offices and of models of device, never of persons; of fewer than three closes
there are none.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
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
    """All rows, by kind, each kind's whole first, then its offices and models by name."""
    held: dict[tuple[str, str, str], list[Episode]] = defaultdict(list)
    for one in episodes:
        if one.closed is not None and not one.retracted and one.kind not in TRIALS:
            for key in _keys(one, devices):
                held[key].append(one)
    return [_row(key, held[key]) for key in sorted(held)]


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


def _row(key: tuple[str, str, str], closed: list[Episode]) -> Reliability:
    judged = [one for one in closed if one.outcome in {CloseOutcome.CONFIRMED, CloseOutcome.FALSE}]
    if len(judged) < LEAST:
        return Reliability(*key, judged=None)
    chances = [one.probability for one in judged if one.probability is not None]
    counted = [one for one in judged if one.probability is not None] if chances else judged
    true = sum(one.outcome == CloseOutcome.CONFIRMED for one in counted)
    lower, upper = wilson(true, len(counted))
    stated = math.fsum(chances) / len(chances) if chances else None
    return Reliability(
        *key, judged=len(judged), confirmed=sum(one.outcome == CloseOutcome.CONFIRMED for one in judged),
        others=len(closed) - len(judged), stated=stated, share=true / len(counted), lower95=lower, upper95=upper,
        is_few=len(counted) < ENOUGH, drift=_drift(stated, (lower, upper), len(counted)),
    )  # fmt: skip


def _drift(stated: float | None, interval: tuple[float, float], count: int) -> str:
    if stated is None or count < ENOUGH:
        return ""
    lower, upper = interval
    return "over" if stated > upper else "under" if stated < lower else ""
