"""The truth of a story as JSON lines: the alarms it is worth, and where everybody really was.

    {"record": "story", "name", "epoch", "until"}
    {"record": "alarm", "device", "person", "kind", "zone", "onset", "until"}
    {"record": "track", "device", "time", "latitude", "longitude", "scene"}

Times are UTC epoch seconds (``until`` null: not over by itself), coordinates WGS-84 degrees. After the story's
``until`` nobody reports any more: what a gateway raises from then on is not the story's. Track lines are the
corners of each bracelet's track; between two of them the way is straight and even.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from firmware_sim.world import to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from firmware_sim.schedule import Expected, Schedule, Story


def write(story: Story, path: Path) -> None:
    """Write the truth file, replacing an old one."""
    lines = (json.dumps(record, ensure_ascii=False) for record in records(story))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def records(story: Story) -> Iterator[dict[str, object]]:
    """The records in order: the story, alarms by onset, then tracks by device and time."""
    yield {"record": "story", "name": story.name, "epoch": story.epoch, "until": story.until}
    for alarm in sorted(story.expected, key=lambda alarm: (alarm.onset, alarm.device, alarm.kind)):
        yield _alarm(alarm)
    for schedule in story.schedules:
        yield from _track(schedule, story.until)


def _alarm(alarm: Expected) -> dict[str, object]:
    return {
        "record": "alarm",
        "device": alarm.device,
        "person": alarm.person,
        "kind": alarm.kind,
        "zone": alarm.zone,
        "onset": alarm.onset,
        "until": alarm.until if math.isfinite(alarm.until) else None,
    }


def _track(schedule: Schedule, until: float) -> Iterator[dict[str, object]]:
    for vertex in schedule.itinerary.vertices:
        if vertex.time > until:
            break
        latitude, longitude = to_degrees(vertex.x, vertex.y)
        yield {
            "record": "track",
            "device": schedule.device,
            "time": vertex.time,
            "latitude": round(latitude, 7),
            "longitude": round(longitude, 7),
            "scene": vertex.scene.value,
        }
