"""What would have made an alarm otherwise: each thing by itself, on the same entries, in a world of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.errors import GeometryFault
from gateway.journal.entries import EntryKind
from gateway.replay.scene import NOWHERE
from gateway.replay.turns import on_leave
from gateway.words.accounts import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gateway.engine import Episode
    from gateway.replay.probes import Whose
    from gateway.replay.reasons import Reason
    from gateway.replay.scene import Entry, Scene
    from gateway.replay.turns import Knob
    from gateway.settings.model import Configuration

MOST_WITHOUT: Final = 8
"""Entries, the last ones, that are left out by turns."""
BEFORE: Final = 1.0
"""Seconds before the time at which a frame more is tried."""
AROUND: Final = 60.0
"""Seconds by which leave that is tried is wider than what it is to excuse."""


@dataclass(slots=True)
class Otherwise:
    """Trials of one alarm.

    Attributes:
        scene: its entries. ``reason``: of its kind. ``whose``: it is.
        is_it: whether an alarm is the one in question. ``raised``: whether it was.
    """

    scene: Scene
    reason: Reason
    is_it: Callable[[Episode], bool]
    whose: Whose
    raised: bool

    def all(self, shown: Sequence[int]) -> Iterator[Turn]:
        """What makes it otherwise; ``shown``: the entries that are listed. Nothing, where it does not come out anew."""
        if self._is_otherwise(self.scene.otherwise()):
            return
        for knob in self.reason.knobs:
            yield from self._turned(knob)
        if self.raised:
            yield from self._left()
            yield from self._without([self.scene.entries[index] for index in shown])
            yield from self._heard()

    def _is_otherwise(self, ends: Sequence[Episode]) -> bool:
        return any(map(self.is_it, ends)) != self.raised

    def _flips(self, change: Callable[[Configuration], Configuration]) -> bool:
        try:
            return self._is_otherwise(self.scene.otherwise(change))
        except GeometryFault:
            return self.raised  # nothing is left of the zone

    def _turned(self, knob: Knob) -> Iterator[Turn]:
        """The whole numbers nearest to what it is, one each way, at which it comes out otherwise."""
        now = knob.now(self.scene.last_policy().configuration, self.whose)
        for far in knob.calmer if self.raised else knob.graver:
            if far != now and self._flips(partial(self._at, knob, far)):
                value = self._nearest(knob, now, far)
                yield Turn(knob.what, value=value, unit=knob.unit, source=knob.source)

    def _nearest(self, knob: Knob, now: float, far: float) -> float:
        step = 1.0 if far > now else -1.0
        low, high = 0, round(abs(far - now))
        while high - low > 1:
            middle = (low + high) // 2
            is_far = self._flips(partial(self._at, knob, now + step * middle))
            low, high = (low, middle) if is_far else (middle, high)
        return now + step * high

    def _at(self, knob: Knob, value: float, given: Configuration) -> Configuration:
        return knob.turned(given, self.whose, value)

    def _left(self) -> Iterator[Turn]:
        """Leave over all that it is about."""
        if not self.reason.leave:
            return
        begun = np.nanmin([self.whose.fact("from"), self.whose.fact("onset"), self.scene.at])
        since, until = float(begun) - AROUND, self.scene.at + AROUND
        if self._flips(lambda given: on_leave(given, self.whose, since, until)):
            yield Turn("leave", since=since, until=until)

    def _without(self, listed: Sequence[Entry]) -> Iterator[Turn]:
        for one in listed[-MOST_WITHOUT:] if self.reason.without else ():
            if self._is_otherwise(self.scene.otherwise(without=one.offset)):
                yield Turn("without", since=one.received, offset=one.offset)

    def _heard(self) -> Iterator[Turn]:
        """The device's last frame once more, just before the time."""
        frames = [one for one in self.scene.entries if one.kind == EntryKind.FRAME]
        mine = [one for one in frames if one.origin.device == self.whose.device]
        if self.reason.heard and mine:
            since = self.scene.at - BEFORE
            again = mine[-1]._replace(offset=NOWHERE, received=since)
            if self._is_otherwise(self.scene.otherwise(more=[again])):
                yield Turn("heard", since=since)
        if self.reason.whole:
            yield from self._fewer(frames)

    def _fewer(self, frames: Sequence[Entry]) -> Iterator[Turn]:
        """The least number of the silent that are heard just before the time, and none is raised."""
        newest = {one.origin.device: one for one in frames}
        since = self.scene.at - BEFORE
        limit = since - self.scene.last_policy().faint_after
        again = [one._replace(offset=NOWHERE, received=since) for one in newest.values() if one.received <= limit]
        low, high = 0, len(again)
        if not self._is_otherwise(self.scene.otherwise(more=again)):
            return
        while high - low > 1:
            middle = (low + high) // 2
            is_far = self._is_otherwise(self.scene.otherwise(more=again[:middle]))
            low, high = (low, middle) if is_far else (middle, high)
        yield Turn("fewer", value=high, since=since)
