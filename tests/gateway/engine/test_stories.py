"""Whole stories against their written truth: nothing missing, nothing false, nothing twice."""

from __future__ import annotations

import pytest
from virtual import tell

from gateway.demo.tally import Platform

FIRST_KINDS = {
    "inclusion_exit", "exclusion_enter", "curfew_late", "curfew_early_leave", "curfew_absent", "repeated_place",
    "strap_cut", "battery_low", "sos", "comms_lost",
}  # fmt: skip
STORIES = {
    "hand-over": ("handover", {"days": 1}, {"exclusion_enter", "comms_lost"}),
    "strip": ("strip", {"days": 1}, {"exclusion_crossed"}),
    "cafe without a zone": ("cafe", {"days": 4, "cafe_zone": False}, {"curfew_absent", "repeated_place"}),
    "cafe with a zone": ("cafe", {"days": 4}, {"curfew_absent", "repeated_place", "exclusion_enter"}),
    "demo": ("demo", {"days": 4, "devices": 15}, FIRST_KINDS),
}


@pytest.mark.parametrize(("name", "how", "kinds"), STORIES.values(), ids=STORIES)
def test_a_story_gives_the_alarms_it_is_worth(tmp_path, name, how, kinds):
    told = tell(tmp_path / "county", name, **how)
    bodies = told.bodies()
    figures = told.count(bodies)
    assert (figures.missing, figures.false, figures.doubled) == ([], [], [])
    assert figures.kinds == kinds
    assert figures.expected == len(figures.found) > 0


def test_a_revision_follows_the_one_before(tmp_path):
    told = tell(tmp_path / "county", "handover", days=1)
    platform, newest = Platform(), {}
    for body in told.bodies():
        data = platform.receive(body)["data"]
        assert data["revision"] == newest.get(data["alarm"], 0) + 1
        newest[data["alarm"]] = data["revision"]
    assert len(newest) == 2
