"""With ``--quick``: the tests of parts, for every commit. What starts a process or tells a whole story is left out."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TESTS = Path(__file__).resolve().parent
LEFT_OUT = {
    "they start processes": (
        "console",
        "e2e",
        "faults/test_disk_errors.py",
        "faults/test_disk_full.py",
        "faults/test_disk_parts.py",
        "firmware_sim/firmware/test_quirks.py",
        "firmware_sim/firmware/test_read_back.py",
        "firmware_sim/links/test_links.py",
        "firmware_sim/test_sim_carrier.py",
        "faults/test_power_cuts.py",
        "fuzz",
        "gateway/cli/test_help.py",
        "gateway/cli/test_loaded.py",
        "gateway/cli/test_towers_line.py",
        "gateway/console/test_door_in_browser.py",
        "gateway/console/test_queue_by_keyboard.py",
        "gateway/console/test_draft_trials.py",
        "gateway/console/test_maps_in_browser.py",
        "gateway/console/test_printing_in_browser.py",
        "gateway/console/test_sheets_in_browser.py",
        "gateway/console/test_zones_in_browser.py",
        "gateway/console/test_running.py",
        "gateway/console/test_story_b.py",
        "gateway/control/test_places.py",
        "gateway/city/test_streamed.py",
        "gateway/daemon/test_housekeeping.py",
        "gateway/demo/test_demo_desk.py",
        "gateway/demo/test_local_broker.py",
        "gateway/engine/test_face.py",
        "gateway/evidence/test_verify_alone.py",
        "gateway/forward",
        "gateway/journal/test_day_files.py",
        "gateway/journal/test_stream_journal.py",
        "gateway/listeners/test_mqtt_listener.py",
        "gateway/listeners/test_mqtt_retained.py",
        "gateway/replay/test_past.py",
        "gateway/store/test_schema.py",
        "gateway/stream",
        "gateway/upstream/test_nats_upstream.py",
        "gateway/upstream/test_real_brokers.py",
        "protocols/test_new_family.py",
        "test_browser.py",
        "test_documents.py",
        "test_installation.py",
        "test_listed_skips.py",
        "test_programs.py",
        "test_rooms.py",
        "test_workers.py",
        "tools",
    ),
    "they tell days of many bracelets": (
        "firmware_sim/county",
        "firmware_sim/network",
        "firmware_sim/people",
        "firmware_sim/reception",
        "firmware_sim/recording",
        "firmware_sim/test_sim_scenarios.py",
        "firmware_sim/test_sim_story.py",
        "gateway/daemon",
        "gateway/replay/test_explain.py",
        "gateway/engine/test_cadence.py",
        "gateway/engine/test_clock_step.py",
        "gateway/engine/test_curfew.py",
        "gateway/engine/test_curfew_all_day.py",
        "gateway/engine/test_cuts.py",
        "gateway/engine/test_engine_fragments.py",
        "gateway/engine/test_hand_over.py",
        "gateway/engine/test_late.py",
        "gateway/engine/test_late_acts.py",
        "gateway/engine/test_order.py",
        "gateway/engine/test_presence.py",
        "gateway/engine/test_presence_cuts.py",
        "gateway/engine/test_repeated_place.py",
        "gateway/engine/test_stories.py",
        "gateway/journal/test_salvage.py",
        "gateway/replay",
    ),
}
"""Folders and files below tests/. A new test that belongs here and is not named fails ``make quick``, not CI."""


def is_left_out(path: Path) -> bool:
    """Whether a test's file is none of the quick ones."""
    return any(is_among(path, names) for names in LEFT_OUT.values())


def is_among(path: Path, names: Iterable[str]) -> bool:
    """Whether a test's file is one of these, or in one of these folders, below tests/."""
    here = path.relative_to(TESTS) if path.is_relative_to(TESTS) else path
    return any(here.is_relative_to(name) for name in names)


def without_processes() -> Iterator[None]:
    """Meanwhile nothing is started: a test that tries to fails."""

    def refuse(*_given: object, **_named: object) -> None:
        raise AssertionError("a quick test starts no process: name this one in tests/quick.py")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", refuse)
        yield
