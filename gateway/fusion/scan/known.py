"""What is known of cells and access points at one time: a version, which never changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.shapes import Learnt, Scans
from gateway.fusion.towers import Towers, empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fencing.plane import LocalPlane
    from gateway.fusion.scan.shapes import Floats


@dataclass(frozen=True, slots=True)
class Ear:
    """How one device hears.

    Attributes:
        step_m: metres of its step of timing advance; NaN: nobody knows, and its advances say nothing.
        louder_db: by how much it hears cells louder than those that a version was learnt from.
    """

    step_m: float = float("nan")
    louder_db: float = 0.0


def nothing_learnt() -> Learnt:
    """What nobody has taught."""
    return learn(np.empty(0), np.empty(0), Scans(np.empty((0, 1), np.int64), np.empty((0, 1)), np.empty((0, 1))))


_NOTHING: Final = nothing_learnt()
_USUAL: Final = Ear()


@dataclass(frozen=True, slots=True)
class Known:
    """A version.

    Attributes:
        towers: where tables have cells, and surveys access points.
        learnt: where own reports heard cells.
        points: where own reports heard access points.
        ears: how devices hear, by key.
        centre: latitude and longitude of the origin of the plane in whose metres ``learnt`` and ``points`` are.
    """

    towers: Towers
    learnt: Learnt = _NOTHING
    points: Learnt = _NOTHING
    ears: Mapping[str, Ear] = field(default_factory=lambda: MappingProxyType({}))
    centre: tuple[float, float] | None = None

    def within(self, plane: LocalPlane) -> Known:
        """The version as far as it can be used in a plane: what was learnt in another one is left out."""
        if self.centre is None or self.centre == (plane.latitude, plane.longitude):
            return self
        return replace(self, learnt=_NOTHING, points=_NOTHING)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(len(self.towers.base) + len(self.towers.overlay) + len(self.learnt.cell) + len(self.points.cell))

    def heard_by(self, devices: Sequence[str]) -> tuple[Floats, Floats]:
        """Metres of a step of timing advance, and dB too loud, of each of some devices; float64 (n,)."""
        ears = [self.ears.get(device, _USUAL) for device in devices]
        return np.array([ear.step_m for ear in ears], np.float64), np.array([ear.louder_db for ear in ears], np.float64)


NOTHING_KNOWN: Final = Known(Towers(empty(), empty()))
