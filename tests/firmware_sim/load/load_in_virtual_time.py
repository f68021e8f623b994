"""Terminals and a platform in virtual time: what the tests of the open loop share."""

import heapq

from firmware_sim.firmware.wire import Edition
from firmware_sim.load.frames import body_at, stamp_of, template_of
from firmware_sim.load.plan import OpenLoop, Plan
from firmware_sim.load.tally import Tally
from firmware_sim.load.terminal import Phase, Terminal
from firmware_sim.platform import IdealPlatform

TICK = 0.001
STAMP = stamp_of(1_800_000_000)


class Kept(Tally):
    """A tally that also keeps each accepted report's planned moment and latency."""

    def __init__(self):
        super().__init__()
        self.answers = []

    def note_answer(self, planned, now, *, accepted):
        super().note_answer(planned, now, accepted=accepted)
        self.answers.append((planned, now - planned))


def online(number, tally, edition=Edition.Y2013):
    """A terminal that has logged in, and its platform."""
    phone, platform = str(13_900_000_000 + number), IdealPlatform()
    terminal = Terminal(phone, edition, template_of(phone, edition, body_at(24.33, 109.42)), tally)
    data = terminal.connected()
    while data:
        data = terminal.receive(platform.feed(data), 0.0)
    assert terminal.phase is Phase.ONLINE
    return terminal, platform


class World:
    """An open loop against platforms; ``answered_at`` gives the moment of an answer, None for none at all."""

    def __init__(self, answered_at, *, rate=100.0, count=1000, terminals=7):
        self.tally = Kept()
        pairs = [online(number, self.tally) for number in range(terminals)]
        self.terminals = [terminal for terminal, _ in pairs]
        self.platforms = [platform for _, platform in pairs]
        self.loop = OpenLoop(Plan(0.0, rate, count), self.terminals, self.tally)
        self._answered_at = answered_at
        self._under_way = []

    def run(self, until, held_up=(0.0, 0.0)):
        """Tick by tick; the load's own process gets no time from ``held_up[0]`` to ``held_up[1]``."""
        for number in range(round(until / TICK) + 1):
            now = number * TICK
            if not held_up[0] <= now < held_up[1]:
                self._turn(now)
        return self.tally

    def _turn(self, now):
        while self._under_way and self._under_way[0][0] <= now:
            _, which, data = heapq.heappop(self._under_way)
            assert self.terminals[which].receive(data, now) == b""
        for which, frame in self.loop.send_due(now, STAMP):
            answer, moment = self.platforms[which].feed(frame), self._answered_at(now)
            if moment is not None:
                heapq.heappush(self._under_way, (moment, which, answer))
