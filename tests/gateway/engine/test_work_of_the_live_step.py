"""What a slice costs as a daemon steps it, one report each of 512 devices at home under curfew: calls, and copies."""

from __future__ import annotations

from dataclasses import replace

import pytest
import timeline
from met import counted, work_of
from timeline import HOME, RULES, Timeline, at, authority, person

from gateway.engine import step as engine
from gateway.engine.step import step
from gateway.settings.model import Assignment, Device

DEVICES, WARM = 512, 8
KEYS = [f"B{number:04d}" for number in range(1, DEVICES + 1)]
BEGIN = at(0, 23)
MOST_CALLS = 6
"""A row, of Python and C: those of its origin, a slice's own by 512, and what reading a frame still takes."""


@pytest.fixture(scope="module")
def told() -> Timeline:
    """A county that has heard everybody a few times, and a slice that waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "PHONES", {key: f"0139{number:08d}" for number, key in enumerate(KEYS)})
        people = tuple(key.replace("B", "P") for key in KEYS)
        one = Timeline.of(
            BEGIN,
            people={each: person(each, HOME) for each in people},
            devices={key: Device(key, "jt808", timeline.PHONES[key].lstrip("0"), "g10ls") for key in KEYS},
            assignments=tuple(
                Assignment(key, each, at(-30, 0), timeline.FOREVER) for key, each in zip(KEYS, people, strict=True)
            ),
            authorities=tuple(map(authority, people)),
            rules=tuple(replace(rule, people=people) for rule in RULES.values()),
        )
        for number in range(1, WARM + 1):
            for key in KEYS:
                one.report(BEGIN + number, device=key)
            one.run() if number < WARM else None
    return one


def test_a_slice_of_many_devices_makes_a_few_calls_a_report_and_goes_at_once(told, monkeypatch):
    entries = told.waiting.batch()
    assert len(entries) == DEVICES
    turns, plain = (counted(monkeypatch, engine, name) for name in ("_turn", "_stretch"))
    calls = work_of(lambda: step(told.state, entries, told.policies, first=told.state.offset))
    assert (turns["_turn"], plain["_stretch"]) == (0, 1)
    assert calls < MOST_CALLS * DEVICES, calls / DEVICES
    assert not told.state.episodes
    assert (told.state.watch["fixes"] > 0).any()
