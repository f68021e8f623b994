"""The owner's case through the real daemon: bracelets of their own process, their clock, a broker, the platform.

A man under a curfew at home spends his nights at one cafe. Without any cafe drawn: a curfew episode a night and one
repeated place. With the cafes barred: an entry a night besides. Nothing by day, each alarm once. And a hand-over.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway, eventually
from platform_end import PlatformEnd
from pressed_county import County
from programs import SIMULATOR, begun, ran

from firmware_sim.stories.cafe import NIGHT_CAFE
from gateway.clock import FollowedClock
from gateway.demo.broker import LocalBroker, free_port
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

SPEED = 8000.0
"""At most: the clock waits for the gateway."""
TOLD = 900.0
"""Real seconds a story may take at most."""
NIGHTS = 3
MORNING = datetime.fromisoformat("2026-11-02T00:00:00+08:00")
EVENING = MORNING + timedelta(hours=18)
STORIES = {
    "no zone": ("cafe", EVENING, 3, "--no-cafe-zone"),
    "cafes barred": ("cafe", EVENING, 3, "--cafe-zone"),
    "hand-over": ("handover", MORNING, 2, "--no-cafe-zone"),
}
LONG = "cafes barred"
"""Told in ``make torture`` alone: a rule that he breaks is also in the hand-over."""
EACH = [pytest.param(name, marks=pytest.mark.torture if name == LONG else ()) for name in STORIES]
OF_A_CAFE = ["no zone", pytest.param(LONG, marks=pytest.mark.torture)]
OPTIONS = {"handover": ("--debug",)}
DEGREE = 111_000.0
"""Metres of a degree of latitude."""


@dataclass
class Telling:
    """One story being told, all of it in processes of its own; they end with ``around``."""

    gateway: Gateway
    platform: PlatformEnd
    bracelets: subprocess.Popen[bytes]
    clock: FollowedClock

    @classmethod
    def begin(cls, around: ExitStack, directory: Path, story: str, epoch: datetime, days: int, zone: str) -> Telling:
        broker, port = LocalBroker(directory / "broker", ends_with_us=True), free_port()
        broker.start()
        around.callback(broker.stop)
        told = ["--story", story, "--days", str(days), "--epoch", epoch.isoformat(), zone, "--port", str(port)]
        county = County(directory / "county", port, 2)
        where = ["--storage", str(county.storage), "--mqtt", f"mqtt://127.0.0.1:{broker.port}"]
        ran([SIMULATOR, "county", county.directory, *told, *where], TOLD, check=True)
        clock = FollowedClock.begin(directory / "clock", epoch.timestamp(), SPEED)
        gateway = Gateway(county, clock=clock.name, options=OPTIONS.get(story, ()))
        around.callback(gateway.finish)
        platform = PlatformEnd(broker.port)
        around.callback(platform.close)
        gateway.start()
        with (directory / "bracelets.log").open("wb") as log:
            clocked = ["--clock-file", directory / "clock", "--speed", SPEED, "--linger", TOLD]
            bracelets = begun([SIMULATOR, "run", *told, *clocked], log, log)
        around.callback(bracelets.wait)
        around.callback(bracelets.kill)
        return cls(gateway, platform, bracelets, clock)

    def end(self) -> None:
        """Once the story is told and all that comes of it has gone out, stop the gateway and the bracelets."""
        eventually(self._is_told, "the story is told", patience=TOLD)
        self.gateway.tick()
        assert self.gateway.stop() == 0
        self.bracelets.terminate()
        self.bracelets.wait()
        eventually(lambda: len(self.platform.events) == len(self.gateway.events()), "the platform has it")

    def _is_told(self) -> bool:
        assert self.bracelets.poll() is None
        return self.clock.is_over

    def lines(self) -> list[dict]:
        """The log's, but what a library writes there."""
        said = self.gateway.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]

    def latest(self) -> list[dict]:
        """Each alarm as its last revision tells it."""
        alarms: dict[str, dict] = {}
        for event in self.platform.events.values():
            data = event["data"]
            if alarms.get(data["alarm"], data)["revision"] <= data["revision"]:
                alarms[data["alarm"]] = data
        return sorted(alarms.values(), key=lambda alarm: alarm["onset"])


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Telling]]:
    """All stories at the same time: each takes little of the machine."""
    at_length = request.config.getoption("--torture")
    with ExitStack() as around:
        tellings = {
            name: Telling.begin(around, tmp_path_factory.mktemp("story"), *story)
            for name, story in STORIES.items()
            if at_length or name != LONG
        }
        for telling in tellings.values():
            telling.end()
        yield tellings


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


@pytest.mark.parametrize("name", EACH)
def test_each_event_reached_the_platform_once(told: dict[str, Telling], name: str) -> None:
    assert set(told[name].platform.messages.values()) == {1}
    assert set(told[name].platform.events) == {event["id"] for event in told[name].gateway.events()}
    raised = Counter(alarm["alarm"] for alarm in told[name].platform.raised())
    assert set(raised.values()) == {1}
    assert told[name].gateway.tracebacks() == 0


@pytest.mark.parametrize(("name", "entries"), [("no zone", 0), pytest.param(LONG, NIGHTS, marks=pytest.mark.torture)])
def test_an_episode_a_night_and_one_repeated_place(told: dict[str, Telling], name: str, entries: int) -> None:
    alarms = told[name].latest()
    wanted = {"curfew_absent": NIGHTS, "repeated_place": 1, "exclusion_enter": entries}
    assert Counter(alarm["kind"] for alarm in alarms) == +Counter(wanted)
    for kind in ("curfew_absent", "exclusion_enter")[: 1 + (entries > 0)]:
        nights = {datetime.fromisoformat(alarm["onset"]).date() for alarm in alarms if alarm["kind"] == kind}
        assert len(nights) == NIGHTS


@pytest.mark.parametrize("name", OF_A_CAFE)
def test_nothing_by_day(told: dict[str, Telling], name: str) -> None:
    onsets = [_hour(alarm["onset"]) for alarm in told[name].latest()]
    assert all(hour >= 21 or hour < 8 for hour in onsets)


@pytest.mark.parametrize("name", OF_A_CAFE)
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


@pytest.mark.parametrize("name", EACH)
def test_no_line_of_the_log_has_a_place_or_a_name_and_one_number_leads_through_it(
    told: dict[str, Telling], name: str
) -> None:
    log, lines = told[name].gateway.log.read_text("utf-8"), told[name].lines()
    assert re.findall(r"(?<![\d.:])(?:2[3-6]|10[89]|110)\.\d{3,}", log) == []
    drawn = json.loads((told[name].gateway.county.directory / "zones" / "cafes.geojson").read_text("utf-8"))
    names = {str(each["properties"].get("name", "")) for each in drawn["features"]} - {""}
    assert [one for one in (*names, "latitude", "home:", "zone_name") if one in log] == []
    sent = {event["id"]: event["data"]["journal"]["entry"] for event in told[name].gateway.events()}
    alarms = {
        line["message"]: line["entry"] for line in lines if "message" in line and line["event"].startswith("alarm ")
    }
    delivered = {line["message"]: line["entry"] for line in lines if line["event"] == "delivered"}
    assert alarms
    assert alarms.items() <= sent.items()
    assert delivered == sent


def test_who_follows_frames_finds_each_stage_under_one_number(told: dict[str, Telling]) -> None:
    lines, kept = told["hand-over"].lines(), list(told["hand-over"].gateway.journal())
    followed = {line["entry"]: line["frame"] for line in lines if line["event"] == "entry durable" and line["frame"]}
    assert sorted(followed) == [offset for offset, entry in enumerate(kept) if entry[0] is EntryKind.FRAME]
    (raised,) = [
        line for line in lines if line["event"] == "alarm raised" and line["kind"] == "exclusion_enter"
    ]  # fmt: skip
    ours = {("entry", raised["entry"]), ("frame", followed[raised["entry"]]), ("message", raised["message"])}
    stages = [line["event"] for line in lines if any(line.get(name) == value for name, value in ours)]
    assert [stage for stage in stages if stage != "alarm cleared"] == [
        "frame heard", "frame queued", "entry durable", "alarm raised", "entry stepped", "message goes out",
        "delivered",
    ]  # fmt: skip
