"""A county for half a year: ordinary days, and to each wearer something that is to be told, every twelve days."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from firmware_sim import ladder
from firmware_sim.configuration import Ruled, write_ruled
from firmware_sim.movement import Itinerary
from firmware_sim.schedule import Diary, Intervals, Schedule, Span, Story, Wearing
from firmware_sim.sensors import HOME_RADIUS
from firmware_sim.stories.cafe import NIGHT_CAFE
from firmware_sim.stories.daily import Habits, Stage, identity, ordinary_battery, ordinary_days
from firmware_sim.story import EPOCH
from firmware_sim.world import Scene, build_world

if TYPE_CHECKING:
    from pathlib import Path

CYCLE = 12
"""Days from one event of a wearer to the next."""
INTERVAL = 900.0
"""Seconds between two reports of a bracelet; what changes what it says happens at whole ones."""
DAY = 86400.0
KEY = "made-up-sign-key-of-32-bytes-or-more"
NUMBERS = ("D01", "L01")


def _strap(stage: Stage, day: int, schedule: Schedule, _: Diary) -> Schedule:
    return replace(schedule, removed=(*schedule.removed, Span(stage.at(day, 10.5), stage.at(day, 11.25))))


def _sos(stage: Stage, day: int, schedule: Schedule, _: Diary) -> Schedule:
    pressed = stage.at(day, 14.25)
    return replace(schedule, sos=(*schedule.sos, Span(pressed, pressed + INTERVAL)))


def _silent(stage: Stage, day: int, schedule: Schedule, _: Diary) -> Schedule:
    return replace(schedule, silent=(*schedule.silent, Span(stage.at(day, 10.0), stage.at(day, 17.0))))


def _dark(stage: Stage, day: int, schedule: Schedule, _: Diary) -> Schedule:
    return replace(schedule, dark=(*schedule.dark, Span(stage.at(day, 9.5), stage.at(day, 15.0))))


def _late(stage: Stage, day: int, schedule: Schedule, diary: Diary) -> Schedule:
    diary.detour_home_by(stage.world.works[0], stage.at(day, 20.5), stage.at(day, 23.5))
    return schedule


def _barred(stage: Stage, day: int, schedule: Schedule, diary: Diary) -> Schedule:
    cafe = replace(stage.world.cafes[NIGHT_CAFE].place, scene=Scene.WINDOW)
    diary.detour(cafe, stage.at(day, 14.8), stage.at(day, 15.9))
    return schedule


EVENTS = (_strap, _late, _silent, _barred, _sos, _dark)


def told(days: int, devices: int, seed: int) -> Story:
    """The county's people and their days."""
    world = build_world(seed, devices)
    stage = Stage(world, seed, EPOCH, days)
    schedules = tuple(_life(stage, index) for index in range(devices))
    homes = tuple((each.wearings[0].person, each.home) for each in schedules)
    return Story("endurance", seed, EPOCH, EPOCH + days * DAY, world, schedules, (), (), homes)


def _life(stage: Stage, index: int) -> Schedule:
    diary = Diary(ordinary_days(stage, index, Habits(errands=False)))
    schedule = Schedule(
        device=f"B{index + 1:04d}",
        identity=identity(index),
        wearings=(Wearing(f"P{index + 1:04d}", Span(stage.midnight, math.inf)),),
        itinerary=Itinerary.through(diary.visits, stage.midnight),
        home=stage.world.homes[index],
        battery=ordinary_battery(stage),
        keep_out=True,
        intervals=Intervals(INTERVAL, INTERVAL),
    )
    for turn, day in enumerate(range(index % CYCLE, stage.days, CYCLE)):
        schedule = EVENTS[(index + turn) % len(EVENTS)](stage, day, schedule, diary)
    return replace(schedule, itinerary=Itinerary.through(diary.visits, stage.midnight))


def write(story: Story, folder: Path, ports: tuple[int, int], keep: tuple[int, int]) -> None:
    """The county's files. ``ports``: of the bracelets, of the platform; ``keep``: days of places, of alarms."""
    people = [schedule.wearings[0].person for schedule in story.schedules]
    border, bracelets, platform = story.world.border, *ports
    cafes = [(cafe.place.name, _outline(cafe)) for cafe in story.world.cafes]
    write_ruled(
        Ruled(
            story.epoch, story.until, story.homes, HOME_RADIUS,
            [(each.device, "jt808", each.identity.phone, "g10ls") for each in story.schedules],
            [(each.device, wearing) for each in story.schedules for wearing in each.wearings],
            [*border, border[0]], cafes, people, people, people, (), "",
            [f'{{name: bracelets, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{bracelets}", login: 1h, idle: 2h}}'],
            [f'{{name: city, webhook: "http://127.0.0.1:{platform}/alarms", credential: city}}'],
            str(folder / "state"), ladder=ladder.LINES,
        ),
        folder,
    )  # fmt: skip
    main = folder / "gateway.yaml"
    text = main.read_text("utf-8").replace("keep_days: 180", f"keep_days: {keep[0]}, alarm_days: {keep[1]}")
    main.write_text(text.replace("127.0.0.1:9220", f"127.0.0.1:{platform}"), "utf-8")
    (folder / "credentials.yaml").write_text(f"city: {{sign_key: {KEY}}}\n", "utf-8")
    contacts = folder / "staff.csv"
    lines = [f"{number},Made-Up,1380000000{at}" for at, number in enumerate(NUMBERS)]
    contacts.write_text("\n".join(["number,name,phone", *lines]) + "\n", "utf-8")
    contacts.chmod(0o600)


def _outline(cafe) -> list[tuple[float, float]]:
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return [(cafe.place.x + x * cafe.half_x, cafe.place.y + y * cafe.half_y) for x, y in signs]


def night_of(day: int) -> float:
    """The local midnight that ends a day, UTC epoch seconds."""
    return EPOCH + (day + 1) * DAY
