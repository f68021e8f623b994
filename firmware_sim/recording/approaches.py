"""Whoever is to keep away from somebody protected: when the two truly are near each other, and what showed it before.

    pair       person, device: one who is to keep away
    event      person, device, kind (protected_near), onset, until: both truly within what the rule bars, or its buffer
    approach   person, device, onset, until, barred, shown: what is more to say of that event

``onset`` is the second in which the buffer's edge is reached; ``barred``: the second in which what is barred is, None
where it never is. ``shown``: when the first report came in that was measured on the way there, by either of the two;
None where none did. Nobody can know of a way of which nothing has come: ``shown`` after ``onset`` is beyond any rule.
Of two who are near each other when the scenario begins it is not known how they came to be, so that there is an event
and no approach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.configuration import BARRED_M, BUFFER_M

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from firmware_sim.people.track import Track
    from firmware_sim.recording.run import Told
    from firmware_sim.recording.sent import Sent
    from firmware_sim.recording.wearing import Worn

KIND = "protected_near"
MOVED = 1.0
"""Metres from where both had stood, from which on a place shows that somebody is under way."""


def records(told: Told, worn: Worn, sent: Sent) -> Iterator[dict[str, object]]:
    """All records of one bracelet; none of who need not keep away."""
    who = {"person": worn.life.person, "device": worn.life.device}
    for other in told.worn if worn.life.kept_away else ():
        if other.life.protected:
            yield {"record": "pair", **who}
            yield from _met(who, (worn, other), [_Places.of(sent, each) for each in (worn, other)])


@dataclass(frozen=True, slots=True)
class _Places:
    """Of one bracelet: when it measured places, and when those came in."""

    moment: NDArray[np.float64]
    received: NDArray[np.float64]

    @classmethod
    def of(cls, sent: Sent, worn: Worn) -> _Places:
        mine = sent.measured.located & (sent.measured.device == worn.life.number)
        return cls(sent.measured.moment[mine], sent.received[mine])


def _met(who: dict[str, str], both: tuple[Worn, Worn], places: Sequence[_Places]) -> Iterator[dict[str, object]]:
    moments = np.arange(both[0].moments[0], both[0].moments[-1])
    (x, y), (other_x, other_y) = (each.person.at(moments) for each in both)
    apart = np.hypot(x - other_x, y - other_y)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], apart < BARRED_M + BUFFER_M, [0]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        span = {"onset": float(moments[first]), "until": float(moments[last - 1])}
        yield {"record": "event", **who, "kind": KIND, **span}
        if first:
            barred = np.flatnonzero(apart[first:last] < BARRED_M)
            reached = float(moments[first + barred[0]]) if len(barred) else None
            yield {
                "record": "approach", **who, **span, "barred": reached, "shown": _shown(both, places, span["onset"])
            }  # fmt: skip


def _shown(both: tuple[Worn, Worn], places: Sequence[_Places], onset: float) -> float | None:
    """When the first place came in that was measured since the first of those under way at ``onset`` set off."""
    began = min(_set_off(each.person, onset) for each in both)
    came: list[float] = []
    for each, known in zip(both, places, strict=True):
        on_way = (known.moment > began) & (known.moment < onset)
        (start_x, *_), (start_y, *_) = each.person.at(np.array([began]))
        x, y = each.person.at(known.moment[on_way])
        came += known.received[on_way][np.hypot(x - start_x, y - start_y) >= MOVED].tolist()
    return round(min(came), 1) if came else None


def _set_off(track: Track, moment: float) -> float:
    """When the way began that somebody is on at a moment; the moment itself of who stands still."""
    leg, speeds = int(track.leg(np.array([moment]))[0]), track.speed()
    if not speeds[leg]:
        return moment
    while leg and speeds[leg - 1]:
        leg -= 1
    return float(track.time[leg])
