"""One person's evidence of one rule and zone, worked out anew from the history: each fix, and where it led."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import posterior, probability_beyond
from gateway.engine import HOME, IS_IN, WatchKind
from gateway.engine.taken_away import BY_KIND
from gateway.replay.walk import walked
from gateway.words.explained import Step
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.engine import Context, Episode, Policies, Policy

Key = tuple[str, str, str]
"""Person, rule and kind of watch, zone (``Watches.key``)."""
WATCHED: Final = {**BY_KIND, "curfew_absent": WatchKind.BE_THERE}
"""What watches for the kinds of alarm that rest on evidence of a place."""
HOWEVER_FAR: Final = np.array([1e7])
"""Metres: a distance is wanted however far."""


@dataclass(frozen=True, slots=True)
class World:
    """A history as it may have been: reports of a group, in order, and the configurations it is judged by.

    Attributes:
        rows: ``history.PAST``; devices by their index in ``now``.
        group: by its first device.
        now: whose wearings, authorities and leave hold. ``policies``: whose zones and rules held then.
        epochs: since when those of which did.
    """

    rows: NDArray[np.void]
    group: int
    now: Policy
    policies: Policies
    epochs: Sequence[tuple[float, str]]


@dataclass(slots=True)
class Evidence:
    """What a walk through a world found of one watch.

    ``context``: of the last stretch; None: there was no report. ``steps``: in their order. ``home_m``: metres from the
    border of the wearer's home to the place of the last of them, negative inside; None: there is no home.
    """

    key: Key
    context: Context | None = None
    steps: list[Step] = field(default_factory=list)
    home_m: float | None = None

    def take(self, context: Context) -> None:
        """A stretch more."""
        self.context = context
        watches = context.policy.watches
        if context.pairs is None or self.key not in watches.key:
            return
        watch = watches.key.index(self.key)
        kind = WatchKind(int(watches.kind[watch]))
        for pair in context.pairs[context.pairs["watch"] == watch]:
            self.steps.append(_step(context, pair, kind, self.steps))
            self.home_m = _from_home(context, pair)

    @property
    def episode(self) -> Episode | None:
        """The alarm of the watch that stands in the end; None: there is none."""
        if self.context is None:
            return None
        standing = (one for one in self.context.state.episodes.values() if one.ended is None and not one.retracted)
        return next((one for one in standing if _is_of(one, self.key)), None)


def found_in(world: World, key: Key) -> Evidence:
    """Walk through a world."""
    evidence = Evidence(key)
    for context, _ in walked(world.rows, world.group, world.now, world.policies, world.epochs):
        evidence.take(context)
    return evidence


def kind_of(alarm: str) -> WatchKind | None:
    """What watches for a kind of alarm; None: nothing does."""
    return WATCHED.get(alarm)


def _is_of(episode: Episode, key: Key) -> bool:
    """Whether an alarm is of a watch; of a night there is one place, whatever it is called in the alarm."""
    kind = kind_of(episode.kind)
    if kind is None or (episode.person, f"{episode.rule}/{int(kind)}") != key[:2]:
        return False
    return kind is WatchKind.BE_THERE or episode.zone == key[2]


def _from_home(context: Context, pair: NDArray[np.void]) -> float | None:
    """How far outside the wearer's home a fix lies."""
    policy, home = context.policy, f"{HOME}:{context.policy.watches.key[int(pair['watch'])][0]}"
    track = None if context.fused is None else context.fused.at(int(pair["row"]), context.reports.wearing)
    if home not in policy.zone_ids or track is None:
        return None
    inside, _ = policy.zones.signed_distance(
        np.array([policy.zone_ids.index(home)]), np.array([track["x"]]), np.array([track["y"]]), HOWEVER_FAR
    )
    return -float(inside[0])


def _step(context: Context, pair: NDArray[np.void], kind: WatchKind, steps: Sequence[Step]) -> Step:
    reports, row = context.reports, int(pair["row"])
    time, soft = float(pair["time"]), bool(pair["soft"])
    beyond, sigma, after = float(pair["beyond"]), float(pair["sigma"]), float(pair["after"])
    hard = [one for one in steps[-1:] if not one.soft] or [one for one in steps if not one.soft][-1:]
    return Step(
        time=time, received=float(pair["received"]), device=context.device_key(row),
        source=Source(int(reports.source[row])).name.lower(), beyond_m=beyond, sigma_m=sigma,
        says=float(probability_beyond(beyond, sigma)), elapsed_s=time - hard[0].time if hard else None,
        constant_s=float(pair["constant"]), before=steps[-1].after if steps else 0.0, after=after,
        p=float(posterior(after)), verdict=IS_IN[kind][int(pair["verdict"])], enough=int(pair["enough"]), soft=soft,
        lifted=bool(pair["leave"]),
    )  # fmt: skip
