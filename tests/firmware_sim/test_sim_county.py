"""The county that the simulator writes is one that the gateway takes."""

import pytest

from firmware_sim.configuration import Surroundings, write
from firmware_sim.story import build
from gateway.settings.load import inspect

SURROUNDINGS = Surroundings(7611, "state", "mqtt://127.0.0.1:1883")
STORIES = [("demo", True), ("cafe", True), ("cafe", False), ("handover", True)]


@pytest.mark.parametrize(("name", "cafe_zone"), STORIES)
def test_the_gateway_finds_no_fault(tmp_path, name, cafe_zone):
    story = build(name, seed=1, days=4, cafe_zone=cafe_zone)
    write(story, tmp_path, SURROUNDINGS)
    configuration, faults = inspect(tmp_path, "en")
    assert faults == []
    assert configuration is not None
    assert set(configuration.devices) == {schedule.device for schedule in story.schedules}
    expected = {alarm.zone for alarm in story.expected} - {"", "home"}
    assert expected <= set(configuration.zones)
