"""The bracelets, in a process of their own, so that what they hold is not counted: bytes in, bytes out, by time."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

from firmware_sim.firmware.bracelet import Bracelet, Link, Timing
from firmware_sim.sensors import Sensors
from firmware_sim.story import covered
from tools.endurance.story import INTERVAL, told

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from firmware_sim.schedule import Story

Sent = dict[int, bytes | None]
"""What each bracelet sends, by index; None: it hangs up."""


class OnTime(Sensors):
    """Reports at whole intervals, where the gateway is looked at: a report that waits for that would seem late."""

    def __init__(self, story: Story, index: int) -> None:
        super().__init__(story, index)
        self._next = self._last_made = story.epoch + INTERVAL


class Life:
    """One bracelet; moments are UTC epoch seconds and never decrease."""

    def __init__(self, story: Story, index: int) -> None:
        self.schedule = story.schedules[index]
        self.bracelet = Bracelet(self.schedule.identity, OnTime(story, index), Timing())

    def go_on(self, now: float) -> bytes | None:
        """What it sends by itself until ``now``."""
        frames: list[bytes] = []
        if not covered(self.schedule, now):
            was_there = self.bracelet.link is not Link.OFFLINE
            self._hang_up(now)
            return None if was_there else b""
        if self.bracelet.link is Link.OFFLINE:
            frames += self.bracelet.connected(now)
        return b"".join(frames + self.bracelet.tick(now))

    def answered(self, now: float, data: bytes | None) -> bytes:
        """What it sends in turn; None: the line is gone."""
        if data is None:
            self._hang_up(now)
            return b""
        return b"".join(self.bracelet.receive(data, now))

    def _hang_up(self, now: float) -> None:
        if self.bracelet.link is not Link.OFFLINE:
            self.bracelet.disconnected()
        self.bracelet.tick(now)


def live(connection: Connection, days: int, devices: int, seed: int) -> None:
    """Answer ``(now, None)`` with what all send by themselves, ``(now, came)`` with what those send in turn."""
    story = told(days, devices, seed)
    lives = [Life(story, index) for index in range(devices)]
    while (asked := connection.recv()) is not None:
        now, came = asked
        if came is None:
            sent = {index: life.go_on(now) for index, life in enumerate(lives)}
        else:
            sent = {index: lives[index].answered(now, data) for index, data in came.items()}
        connection.send({index: data for index, data in sent.items() if data != b""})


class Fleet:
    """The other end of :func:`live`."""

    def __init__(self, days: int, devices: int, seed: int) -> None:
        self._here, there = multiprocessing.Pipe()
        begin = multiprocessing.get_context("spawn").Process
        self._process = begin(target=live, args=(there, days, devices, seed), daemon=True)
        self._process.start()
        there.close()

    def go_on(self, now: float) -> Sent:
        """What all send by themselves until ``now``."""
        return self._asked((now, None))

    def answered(self, now: float, came: Sent) -> Sent:
        """What those send in turn who got something; None: their line is gone."""
        return self._asked((now, came))

    def _asked(self, question) -> Sent:
        self._here.send(question)
        return self._here.recv()

    def close(self) -> None:
        """End the process."""
        self._here.send(None)
        self._process.join()
