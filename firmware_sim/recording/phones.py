"""Phones beside the bracelets: what their carrier answers when it is asked where they are.

An answer is a circle of the confidence of 67 %, as wide as cells are: most hold the phone, some are of a wrong mast and
kilometres off. A phone is with its owner, but for the hours for which it was left at home.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.clock import LOCAL_OFFSET
from firmware_sim.recording import capture
from firmware_sim.recording.moments import inside
from firmware_sim.world import to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from firmware_sim.people.track import Track
    from firmware_sim.recording.run import Told
    from firmware_sim.recording.wearing import Worn
    from firmware_sim.schedule import Span

EVERY = 1800.0
"""Seconds between two answers."""
DELAY = 2.0
SIGMAS = (150.0, 300.0, 600.0)
"""Metres an axis of an answer's error: in town, at its edge, in the country."""
RADIUS67 = 1.4823
WRONG_MAST, WRONG_SIGMA = 0.03, 3000.0
"""Share of answers of a wrong mast, and their error."""
APART, LONG = 1000.0, 2 * EVERY
"""Metres and seconds from which on a phone that was left at home is away from its owner, and is to be told."""
FIRST_NUMBER = 13_900_000_001


@dataclass(frozen=True, slots=True)
class Answers:
    """What carriers answer, by time of receipt: ``sender`` counts the phones from 0."""

    received: NDArray[np.float64]
    sender: NDArray[np.int64]
    frames: tuple[bytes, ...]


def number_of(worn: Worn) -> str:
    """The number under which a carrier knows a wearer's phone."""
    return str(FIRST_NUMBER + worn.life.number)


def device_of(worn: Worn) -> str:
    """The phone's key."""
    return worn.life.device.replace("B", "F")


def with_phones(told: Told) -> list[Worn]:
    """Who has a phone that its carrier locates: the first ones."""
    return list(told.worn)[: round(told.scenario.people.phones * len(told.worn))]


def left(worn: Worn) -> list[Span]:
    """When a phone lies at home without its owner."""
    return worn.life.stretches.get("phone_left", [])


def answers(told: Told) -> Answers:
    """Everything that carriers answer in a scenario."""
    calendar, rows = told.stage.calendar, list[tuple[float, int, bytes]]()
    for sender, worn in enumerate(with_phones(told)):
        draw = np.random.default_rng([told.scenario.seed, 190, worn.life.number])
        moments = np.arange(calendar.epoch + float(draw.integers(1, int(EVERY))), calendar.until, EVERY)
        rows += [(moment + DELAY, sender, frame) for moment, frame in _asked(worn, moments, draw)]
    rows.sort(key=lambda row: row[:2])
    received, senders, frames = zip(*rows, strict=True) if rows else ((), (), ())
    return Answers(np.array(received, np.float64), np.array(senders, np.int64), tuple(frames))


def _asked(worn: Worn, moments: NDArray[np.float64], draw: np.random.Generator) -> Iterator[tuple[float, bytes]]:
    x, y = worn.person.at(moments)
    at_home = inside(moments, left(worn))
    x, y = np.where(at_home, worn.life.home.x, x), np.where(at_home, worn.life.home.y, y)
    sigma = draw.choice(SIGMAS, len(moments))
    error = np.where(draw.uniform(size=len(moments)) < WRONG_MAST, WRONG_SIGMA, sigma) * draw.standard_normal(
        (2, len(moments))
    )
    for moment, east, north, wide in zip(moments.tolist(), x + error[0], y + error[1], sigma.tolist(), strict=True):
        yield moment, _answer(number_of(worn), moment, float(east), float(north), RADIUS67 * wide)


def _answer(number: str, moment: float, x: float, y: float, radius: float) -> bytes:
    """A position of MLP 3.2: a circle at its own time."""
    latitude, longitude = to_degrees(x, y)
    local = datetime.fromtimestamp(moment + LOCAL_OFFSET, UTC)
    return (
        f'<pos><msid>86{number}</msid><pd><time utc_off="+0800">{local:%Y%m%d%H%M%S}</time><shape><CircularArea><coord>'
        f"<X>{latitude:.7f}</X><Y>{longitude:.7f}</Y></coord><radius>{radius:.0f}</radius></CircularArea></shape>"
        f"<lev_conf>67</lev_conf></pd></pos>"
    ).encode()


def apart(worn: Worn) -> Iterator[tuple[float, float]]:
    """Stretches (onset, end) in which a phone lies at home and its owner is truly elsewhere for long."""
    for span in left(worn):
        moments = np.arange(span.start, span.until, 60.0)
        away = _away(worn.person, moments, worn.life.home.x, worn.life.home.y) >= APART
        edges = np.flatnonzero(np.diff(np.concatenate([[False], away, [False]]).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            onset, until = span.start + 60.0 * first, min(span.start + 60.0 * last, span.until)
            if until - onset >= LONG:
                yield onset, until


def _away(track: Track, moments: NDArray[np.float64], x0: float, y0: float) -> NDArray[np.float64]:
    x, y = track.at(moments)
    away: NDArray[np.float64] = np.sqrt((x - x0) ** 2 + (y - y0) ** 2)
    return away


def merged(
    received: NDArray[np.float64], sender: NDArray[np.int64], frames: tuple[NDArray[np.uint8], NDArray[np.int64]],
    said: Answers, first: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64], tuple[NDArray[np.uint8], NDArray[np.int64]]]:  # fmt: skip
    """A day's frames with the answers of that day between them; ``first``: the number of the first phone as sender."""
    day = np.floor(received[0] / capture.DAY)
    mine = np.flatnonzero(np.floor(said.received / capture.DAY) == day).tolist()
    if not mine:
        return received, sender, frames
    texts = [said.frames[index] for index in mine]
    both = np.concatenate([received, said.received[mine]])
    order = np.argsort(both, kind="stable")
    rank = np.empty(len(both), np.int64)
    rank[order] = np.arange(len(both))
    answered = np.frombuffer(b"".join(texts), np.uint8), np.array([len(text) for text in texts], np.int64)
    parts = [(*frames, rank[: len(received)]), (*answered, rank[len(received) :])]
    who = np.concatenate([sender, first + said.sender[mine]])
    return both[order], who[order], capture.ordered(parts, len(both))
