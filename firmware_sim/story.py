"""Stories by name, and a story's wire frames in virtual time, without sockets."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from firmware_sim.firmware.bracelet import Bracelet, Link, Timing
from firmware_sim.firmware.quirks import Quirks
from firmware_sim.firmware.uploads import Upload
from firmware_sim.platform import IdealPlatform
from firmware_sim.sensors import Sensors
from firmware_sim.stories.busy import busy
from firmware_sim.stories.cafe import cafe
from firmware_sim.stories.demo import demo
from firmware_sim.stories.drill import drill
from firmware_sim.stories.handover import handover
from firmware_sim.stories.strip import strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from firmware_sim.schedule import Schedule, Story

EPOCH = datetime(2026, 11, 1, 16, tzinfo=UTC).timestamp()
"""2026-11-02 00:00 in Asia/Shanghai."""
NAMES = ("demo", "cafe", "handover", "strip", "drill", "busy")
LATENCY = 0.4
"""Seconds from a report's making to its arrival in virtual time."""


@dataclass(frozen=True, slots=True)
class TimedFrame:
    """A frame as it arrives: UTC epoch seconds, the bracelet's key, the bytes on the wire."""

    receive_time: float
    device: str
    frame_bytes: bytes


def build(  # noqa: PLR0913  one argument an option
    name: str, *, seed: int, days: int, devices: int = 60, epoch: float = EPOCH, cafe_zone: bool = True,
    upload: str = Upload.BACKLOG_FIRST,
) -> Story:  # fmt: skip
    """A story by name; ``devices`` counts for demo, drill and busy only, ``cafe_zone`` for the cafe only.

    ``upload`` names how all bracelets send what they had stored.

    Raises:
        ValueError: no such story or upload, or the story cannot be told with these numbers.
    """
    quirks = Quirks(upload=Upload(upload), seed=seed)
    return _equipped(_build(name, seed, days, devices, epoch, cafe_zone=cafe_zone), quirks)


def _equipped(story: Story, quirks: Quirks) -> Story:
    """The story with all bracelets of these habits."""
    schedules = [replace(each, equipment=replace(each.equipment, quirks=quirks)) for each in story.schedules]
    return replace(story, schedules=tuple(schedules))


def _build(name: str, seed: int, days: int, devices: int, epoch: float, *, cafe_zone: bool) -> Story:
    if days < 1:
        raise ValueError(f"a story lasts at least one day, not {days}")
    if name == "demo":
        return demo(epoch, days, devices, seed)
    if name == "cafe":
        return cafe(epoch, days, seed, cafe_zone=cafe_zone)
    if name == "handover":
        return handover(epoch, days, seed)
    if name == "strip":
        return strip(epoch, days, seed)
    if name == "drill":
        return drill(epoch, days, devices, seed)
    if name == "busy":
        return busy(epoch, days, devices, seed)
    raise ValueError(f"no story {name!r}; there are {', '.join(NAMES)}")


def reports(  # noqa: PLR0913  one argument an option
    story: str, seed: int, days: int, *, devices: int = 60, epoch: float = EPOCH, cafe_zone: bool = True,
    upload: str = Upload.BACKLOG_FIRST,
) -> Iterator[TimedFrame]:  # fmt: skip
    """All frames after login (0200, 0704, 0002) in the order of their arrival at a platform that answers at once.

    The same arguments give the same bytes.
    """
    return frames(build(story, seed=seed, days=days, devices=devices, epoch=epoch, cafe_zone=cafe_zone, upload=upload))


def frames(story: Story) -> Iterator[TimedFrame]:
    """As ``reports``, of a story at hand."""
    lives = [_Life(story, index) for index in range(len(story.schedules))]
    agenda = [(life.due(), index) for index, life in enumerate(lives)]
    heapq.heapify(agenda)
    while agenda:
        now, index = heapq.heappop(agenda)
        if now >= story.until:
            continue
        for frame in lives[index].go_on(now):
            yield TimedFrame(now + LATENCY, story.schedules[index].device, frame)
        heapq.heappush(agenda, (lives[index].due(), index))


def covered(schedule: Schedule, now: float) -> bool:
    """Whether the bracelet has a link at a moment."""
    return not any(now in span for span in schedule.silent)


def next_cover_change(schedule: Schedule, now: float) -> float:
    """The next moment after ``now`` at which coverage comes or goes; ``inf`` when none."""
    changes = (moment for span in schedule.silent for moment in (span.start, span.until))
    return min((moment for moment in changes if moment > now), default=math.inf)


class _Life:
    """One bracelet and its ideal platform in virtual time."""

    def __init__(self, story: Story, index: int) -> None:
        self._schedule = story.schedules[index]
        self._bracelet = Bracelet(
            self._schedule.identity, Sensors(story, index), Timing(), quirks=self._schedule.equipment.quirks
        )
        self._platform = IdealPlatform()
        self._now = -math.inf
        self._pending: list[bytes] = []

    def due(self) -> float:
        return min(self._bracelet.due(), next_cover_change(self._schedule, self._now))

    def go_on(self, now: float) -> list[bytes]:
        self._now = now
        bracelet = self._bracelet
        has_cover = covered(self._schedule, now)
        if not has_cover and bracelet.link is not Link.OFFLINE:
            bracelet.disconnected()
        if has_cover and bracelet.link is Link.OFFLINE:
            self._log_in(now)
        return self._exchange(bracelet.tick(now), now)

    def _log_in(self, now: float) -> None:
        """Walk through 0100 and 0102, which nobody wants to see; reports wait meanwhile."""
        waiting = self._bracelet.connected(now)
        while waiting and self._bracelet.link is not Link.ONLINE:
            waiting = self._bracelet.receive(self._platform.feed(b"".join(waiting)), now)
        self._pending = waiting

    def _exchange(self, waiting: list[bytes], now: float) -> list[bytes]:
        waiting = self._pending + waiting
        self._pending = []
        sent: list[bytes] = []
        while waiting:
            sent += waiting
            waiting = self._bracelet.receive(self._platform.feed(b"".join(waiting)), now)
        return sent
