"""The owner's case through the real daemon: bracelets of their own process, a scaled clock, a broker, the platform.

A man under a curfew at home spends his nights at one cafe. Without any cafe drawn: a curfew episode a night and one
repeated place. With the cafes barred: an entry a night besides. Nothing by day, each alarm once. And a hand-over.
"""

from __future__ import annotations

import json
import math
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from gateway_process import PROGRAMS, Gateway, eventually
from platform_end import PlatformEnd
from pressed_county import County

from firmware_sim.stories.cafe import NIGHT_CAFE
from gateway.console.broker import LocalBroker, free_port

if TYPE_CHECKING:
    from pathlib import Path

SPEED = 4000.0
LEAD = 6.0
"""Real seconds from writing the county to the story's first moment."""
SETTLED = 3.0
"""Real seconds after the story's end in which the last report becomes its alarm; the bracelets linger meanwhile."""
NIGHTS = 3
MORNING = datetime.fromisoformat("2026-11-02T00:00:00+08:00")
EVENING = MORNING + timedelta(hours=18)
STORIES = {
    "no zone": ("cafe", EVENING, 3, "--no-cafe-zone"),
    "cafes barred": ("cafe", EVENING, 3, "--cafe-zone"),
    "hand-over": ("handover", MORNING, 2, "--no-cafe-zone"),
}
DEGREE = 111_000.0
"""Metres of a degree of latitude."""


@dataclass
class Telling:
    """One story being told, all of it in processes of its own."""

    gateway: Gateway
    broker: LocalBroker
    platform: PlatformEnd
    bracelets: subprocess.Popen[bytes]
    until: float

    @classmethod
    def begin(cls, directory: Path, story: str, epoch: datetime, days: int, zone: str) -> Telling:
        broker, port, anchor = LocalBroker(directory / "broker"), free_port(), time.time() + LEAD
        broker.start()
        told = ["--story", story, "--days", str(days), "--epoch", epoch.isoformat(), zone, "--port", str(port)]
        county = County(directory / "county", port, 2)
        where = ["--storage", str(county.storage), "--mqtt", f"mqtt://127.0.0.1:{broker.port}"]
        subprocess.run([PROGRAMS / "bracelet-sim", "county", str(county.directory), *told, *where], check=True)
        gateway = Gateway(county, clock=f"{epoch.timestamp()},{anchor},{SPEED}")
        platform = PlatformEnd(broker.port)
        gateway.start()
        with (directory / "bracelets.log").open("wb") as log:
            bracelets = subprocess.Popen(
                [PROGRAMS / "bracelet-sim", "run", *told, "--anchor", str(anchor), "--speed", str(SPEED),
                 "--linger", "60"],
                stdout=log, stderr=log,
            )  # fmt: skip
        return cls(gateway, broker, platform, bracelets, anchor + days * 86_400 / SPEED + SETTLED)

    def end(self) -> None:
        """Once the story is told, stop the gateway (before the bracelets, whose silence would be news) and them."""
        eventually(lambda: time.time() > self.until, "the story is told", patience=240)
        assert self.gateway.stop() == 0
        self.bracelets.terminate()
        self.bracelets.wait()
        assert self.gateway.owed() == 0
        eventually(lambda: len(self.platform.events) == len(self.gateway.events()), "the platform has it")

    def finish(self) -> None:
        if self.bracelets.poll() is None:
            self.bracelets.kill()
            self.bracelets.wait()
        self.gateway.finish()
        self.platform.close()
        self.broker.stop()

    def latest(self) -> list[dict]:
        """Each alarm as its last revision tells it."""
        alarms: dict[str, dict] = {}
        for event in self.platform.events.values():
            data = event["data"]
            if alarms.get(data["alarm"], data)["revision"] <= data["revision"]:
                alarms[data["alarm"]] = data
        return sorted(alarms.values(), key=lambda alarm: alarm["onset"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Telling]:
    """All stories at the same time: each takes little of the machine."""
    tellings: dict[str, Telling] = {}
    try:
        for name, story in STORIES.items():
            tellings[name] = Telling.begin(tmp_path_factory.mktemp("story"), *story)
        for telling in tellings.values():
            telling.end()
        yield tellings
    finally:
        for telling in tellings.values():
            telling.finish()


def _hour(moment: str) -> float:
    """Local hour of day."""
    local = datetime.fromisoformat(moment) + timedelta(hours=8)
    return local.hour + local.minute / 60


def _cafe(county: County) -> list[float]:
    """Centre of the cafe he spends his nights at, as the county has drawn it."""
    drawn = json.loads((county.directory / "zones" / "cafes.geojson").read_text("utf-8"))["features"][NIGHT_CAFE]
    corners = drawn["geometry"]["coordinates"][0][:-1]
    return [sum(corner[axis] for corner in corners) / len(corners) for axis in (0, 1)]


def _metres(one: list[float], other: list[float]) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return DEGREE * math.hypot(east, one[1] - other[1])


@pytest.mark.parametrize("name", STORIES)
def test_each_event_reached_the_platform_once(told: dict[str, Telling], name: str) -> None:
    assert set(told[name].platform.messages.values()) == {1}
    assert set(told[name].platform.events) == {event["id"] for event in told[name].gateway.events()}
    raised = Counter(alarm["alarm"] for alarm in told[name].platform.raised())
    assert set(raised.values()) == {1}
    assert told[name].gateway.tracebacks() == 0


@pytest.mark.parametrize(("name", "entries"), [("no zone", 0), ("cafes barred", NIGHTS)])
def test_an_episode_a_night_and_one_repeated_place(told: dict[str, Telling], name: str, entries: int) -> None:
    alarms = told[name].latest()
    wanted = {"curfew_absent": NIGHTS, "repeated_place": 1, "exclusion_enter": entries}
    assert Counter(alarm["kind"] for alarm in alarms) == +Counter(wanted)
    for kind in ("curfew_absent", "exclusion_enter")[: 1 + (entries > 0)]:
        nights = {datetime.fromisoformat(alarm["onset"]).date() for alarm in alarms if alarm["kind"] == kind}
        assert len(nights) == NIGHTS


@pytest.mark.parametrize("name", ["no zone", "cafes barred"])
def test_nothing_by_day(told: dict[str, Telling], name: str) -> None:
    onsets = [_hour(alarm["onset"]) for alarm in told[name].latest()]
    assert all(hour >= 21 or hour < 8 for hour in onsets)


@pytest.mark.parametrize("name", ["no zone", "cafes barred"])
def test_the_repeated_place_names_its_circle_its_nights_and_hours(told: dict[str, Telling], name: str) -> None:
    (alarm,) = [alarm for alarm in told[name].latest() if alarm["kind"] == "repeated_place"]
    facts = alarm["facts"]
    assert facts["nights"] == NIGHTS
    assert len(facts["hours"]) == NIGHTS
    assert 0 < alarm["position"]["radius95_m"] <= 300
    assert _metres(alarm["position"]["coordinates"], _cafe(told[name].gateway.county)) <= 100
    assert str(NIGHTS) in alarm["text"]["en"]
    assert str(NIGHTS) in alarm["text"]["zh"]


def test_nothing_of_the_first_wearer_lands_on_the_second(told: dict[str, Telling]) -> None:
    alarms = told["hand-over"].latest()
    assert {alarm["person"] for alarm in alarms} == {"P0001"}
    assert Counter(alarm["kind"] for alarm in alarms) == {"exclusion_enter": 1, "comms_lost": 1}
    (entry,) = [alarm for alarm in alarms if alarm["kind"] == "exclusion_enter"]
    assert entry["retrospective"]
