"""A scenario in virtual time whose bracelets obey: what the engine wishes is ordered, and they report as told.

Each bracelet measures at its own moments and each minute beside them. Its own reach the gateway; the others do while
closer reports are in force. So one gateway that asks and one that does not judge the same measurements.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from firmware_sim.recording import capture, rules, truth_writer
from firmware_sim.recording.measured import measure
from firmware_sim.recording.run import _encoded, tell
from firmware_sim.recording.sent import send
from firmware_sim.scenario.reading import find, read
from firmware_sim.score.scoring import score
from gateway.engine.policy import compile_policy
from gateway.engine.records import GATEWAY, INTERVAL, Closeness, Command, End, Ended
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.controls import Configured, Start, Stop
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.settings.load import load
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from pathlib import Path

    from firmware_sim.recording.run import Told as Recorded
    from firmware_sim.recording.sent import Sent
    from firmware_sim.score.result import Score
    from gateway.engine.policy import Policy
    from gateway.engine.records import Wished
    from gateway.settings.model import Closer

EPOCH = 1_793_548_800.0
MINUTE = 60.0
TICK = 600.0
"""Seconds between ticks while nothing comes and nobody is asked."""
HEARS = 5.0
"""Seconds from a wish to a bracelet that obeys it."""


@dataclass
class Obeying:
    """A scenario measured once, to be judged as often as wanted."""

    told: Recorded
    sent: Sent
    frames: list[bytes]
    own: np.ndarray
    folder: Path

    @classmethod
    def of(cls, folder: Path, name: str, seed: int, **changes: object) -> Obeying:
        path = find(name)
        told = tell(name, read(path, seed=seed, **changes), path.parent, EPOCH, lambda _: None)
        dense = [replace(each, moments=_each_minute(each.moments)) for each in told.worn]
        sent = send(told.scenario, dense, measure(told.scenario, dense, told.radio.towers, told.radio.air))
        frames: list[bytes] = []
        for day in capture.days_of(sent.received):
            part = sent.take(np.arange(day.start, day.stop))
            octets, length = capture.ordered(_encoded(told, part), len(part.measured))
            ends = [0, *np.cumsum(length).tolist()]
            frames += [octets[first:until].tobytes() for first, until in pairwise(ends)]
        own = np.array([
            np.isin(moment, told.worn[device].moments)
            for device, moment in zip(sent.measured.device.tolist(), sent.measured.moment.tolist(), strict=True)
        ], np.bool_)  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        rules.write(told, folder / "county")
        rows = truth_writer.records(told, sent.take(np.flatnonzero(own)))
        text = "".join(json.dumps({**row, **_no_baselines(row)}) + "\n" for row in rows)
        (folder / "truth.jsonl").write_text(text, encoding="utf-8")
        return cls(told, sent, frames, own, folder)

    def judged(self, closer: Closer | None) -> tuple[Score, Play]:
        """The score of a gateway that asks for closer reports, or not, and what went on."""
        configuration = load(self.folder / "county")
        commands = replace(configuration.commands, closer=closer)
        play = Play(self, compile_policy(replace(configuration, commands=commands)))
        play.run()
        alarms = self.folder / f"alarms-{'closer' if closer else 'usual'}.jsonl"
        alarms.write_bytes(b"".join(body + b"\n" for body in play.bodies))
        return score(self.folder / "truth.jsonl", alarms), play


def _each_minute(moments: np.ndarray) -> np.ndarray:
    if not len(moments):
        return moments
    return np.unique(np.concatenate([moments, np.arange(moments[0], moments[-1], MINUTE)]))


def _no_baselines(row: dict[str, object]) -> dict[str, object]:
    return {"baselines": {}} if row["record"] == "scenario" else {}


@dataclass
class Play:
    """One gateway through a scenario, minute by minute.

    Attributes:
        since: by bracelet, from when on it reports each minute; inf: it does not.
        orders: device, time and reason of each order.
        reports: how many reached the gateway.
    """

    scene: Obeying
    policy: Policy
    state: EngineState = field(default_factory=EngineState)
    bodies: list[bytes] = field(default_factory=list)
    since: dict[int, float] = field(default_factory=dict)
    orders: list[tuple[str, float, Closeness]] = field(default_factory=list)
    reports: int = 0

    def run(self) -> None:
        sent, calendar = self.scene.sent, self.scene.told.stage.calendar
        devices = self.policy.configuration.devices
        lives = [each.life for each in self.scene.told.worn]
        self.numbers = {life.device: number for number, life in enumerate(lives)}
        origins = [
            Origin(life.device, "l", "p", devices[life.device].protocol, devices[life.device].profile) for life in lives
        ]
        gathering = Gathering()
        gathering.add(EntryKind.START, calendar.epoch, Origin(), msgspec.json.encode(Start("test")))
        configured = Configured(self.policy.configuration.digest)
        gathering.add(EntryKind.CONFIGURATION, calendar.epoch, Origin(), msgspec.json.encode(configured))
        edges = np.arange(calendar.epoch, calendar.until + MINUTE, MINUTE)
        rows = np.searchsorted(sent.received, edges)
        for (first, until), time in zip(pairwise(rows.tolist()), edges[1:].tolist(), strict=True):
            for row in range(first, until):
                if self._reports(row):
                    device = int(sent.measured.device[row])
                    gathering.add(EntryKind.FRAME, float(sent.received[row]), origins[device], self.scene.frames[row])
                    self.reports += 1
            if len(gathering) or self._is_busy or time % TICK < MINUTE:
                gathering.add(EntryKind.TICK, time, Origin(), b"")
                gathering = self._step(gathering, time)
        gathering.add(EntryKind.STOP, calendar.until, Origin(), msgspec.json.encode(Stop()))
        self._step(gathering, calendar.until)

    @property
    def _is_busy(self) -> bool:
        return any(since < np.inf for since in self.since.values())

    def _reports(self, row: int) -> bool:
        moment, device = float(self.scene.sent.measured.moment[row]), int(self.scene.sent.measured.device[row])
        return bool(self.scene.own[row]) or moment >= self.since.get(device, np.inf)

    def _step(self, gathering: Gathering, time: float) -> Gathering:
        stepped = step(self.state, gathering.batch(), lambda _: self.policy, first=self.state.offset)
        county = self.policy.configuration.county
        self.bodies += [event_of(outcome, county.code, county.timezone).body for outcome in stepped.outcomes]
        following = Gathering()
        for wish in stepped.wishes:
            self._obey(following, wish, time)
        return following

    def _obey(self, following: Gathering, wish: Wished, time: float) -> None:
        identity = f"{len(self.orders):012x}"
        command = Command(
            identity, wish.device, INTERVAL, GATEWAY, time + wish.expires, {"seconds": str(wish.seconds)},
            reason=wish.reason,
        )  # fmt: skip
        following.add(EntryKind.COMMAND, time, Origin(), msgspec.json.encode(command))
        following.add(EntryKind.RESULT, time, Origin(), msgspec.json.encode(Ended(identity, End.DONE)))
        self.orders.append((wish.device, time, wish.reason))
        number = self.numbers[wish.device]
        self.since[number] = time + HEARS if wish.reason is Closeness.CLOSER else np.inf
